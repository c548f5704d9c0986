/** Safe as element content and inside quoted attributes. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"'`]/g, character => `&#${character.codePointAt(0)};`)
