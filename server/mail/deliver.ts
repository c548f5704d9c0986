/** A message as a person gets it; `html` says the same as `text`. */
export type Message = { subject: string; text: string; html: string }

/** `id` becomes the Message-ID: a mail that is sent twice says so, and mail programs show it once. */
export type Mail = Message & { id: string; to: string }

/**
 * Hands one mail to whoever carries it on. Resolves once that side has taken responsibility (the relay's 250 after the data,
 * or a file on disk); settles within two minutes. May be called again for the same mail if its success was not recorded.
 * Rejects with PermanentMailError when trying again is pointless, with TransientMailError when it is not. The messages of
 * both name codes only, never addresses or content, since they are kept and logged.
 */
export type Deliver = (mail: Mail) => Promise<void>

export class PermanentMailError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'PermanentMailError'
  }
}

export class TransientMailError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'TransientMailError'
  }
}
