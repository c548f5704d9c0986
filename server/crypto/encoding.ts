const ALPHABET = /^[A-Za-z0-9_-]+$/

/** Base64url without padding (RFC 4648 section 5). */
export function toBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url')
}

/**
 * The one spelling of exactly `byteLength` bytes, or undefined. Decoders also accept padding, the other alphabet,
 * stray characters and unused low bits in the last character; each of those would be a second name for one secret
 * (formats.md, "Link token"), so text that does not re-encode to itself is refused.
 */
export function fromBase64url(text: string, byteLength: number): Buffer | undefined {
  if (text.length !== Math.ceil((byteLength * 4) / 3)) return undefined
  const bytes = decodeBase64url(text)
  return bytes?.length === byteLength ? bytes : undefined
}

/** As {@link fromBase64url}, for text whose length in bytes is not fixed. The empty string is refused. */
export function decodeBase64url(text: string): Buffer | undefined {
  if (!ALPHABET.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}
