/** Languages the server writes to people in. */
export type Language = 'en' | 'de'

/**
 * The first language of an `Accept-Language` header (RFC 9110, 12.5.4) the server writes in; undefined when it names none.
 * Browsers list by preference; weights are looked at only to leave out what is refused (`q=0`).
 */
export const languageOf = (header: string | undefined): Language | undefined => {
  for (const part of (header ?? '').slice(0, 200).split(',')) {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
    const [primary] = tag.split('-')
    if (parameters.some(parameter => /^\s*q=0(\.0*)?\s*$/.test(parameter))) continue
    if (primary === 'en' || primary === 'de') return primary
  }
  return undefined
}
