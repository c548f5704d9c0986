/**
 * Sealed bytes that are not what this key sealed here: changed, cut, moved, or sealed by another. It has one text and
 * no cause, because which check failed is what an attacker would like to know (formats.md, "Rules").
 */
export class SealError extends Error {
  override readonly name = 'SealError'

  constructor() {
    super('sealed data cannot be opened')
  }
}

/**
 * The bytes name a key this keyring does not hold, or no longer: another node has rotated, or the wrong keyring is
 * loaded. Nothing is wrong with the bytes as far as anyone can tell, so callers answer 503 and not 404 (formats.md).
 */
export class UnknownKeyError extends Error {
  override readonly name = 'UnknownKeyError'
  /** 8 hex digits; not secret. */
  readonly keyId: string

  constructor(keyId: string) {
    super(`the keyring holds no key ${keyId}`)
    this.keyId = keyId
  }
}
