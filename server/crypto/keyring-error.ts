/**
 * Why there is no usable keyring. `missing`: no file there (the first start makes one; later it is a lost backup to
 * find); `unsafe`: others could read or swap it; `invalid`: its content. The text says what to do and never quotes the
 * content, which is secret.
 */
export class KeyringError extends Error {
  override readonly name = 'KeyringError'
  readonly reason: 'missing' | 'unsafe' | 'invalid'

  constructor(reason: 'missing' | 'unsafe' | 'invalid', message: string) {
    super(message)
    this.reason = reason
  }
}
