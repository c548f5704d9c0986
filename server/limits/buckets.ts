/** `points` may be taken per `seconds`, counted from the first; what each key is stands beside it. */
export type Bucket = { points: number; seconds: number }

/**
 * How often what may be asked. Windows are fixed, so any stretch of a window's length sees at most twice the points: the
 * 30 of `sign_in_account` are at most 60 password checks an hour, however many addresses guess (ASVS 5.0, 6.3.1: 100).
 * Buckets by address are wide, since an office shares one; they stop floods, not guesses.
 */
export const buckets = {
  /** Password checks by devices that never signed in to this account; key: role and address as typed in, known or not. */
  sign_in_account: { points: 30, seconds: 3600 },
  /** Password checks by a device that did; key: the device. Guesses from elsewhere leave it full. */
  sign_in_device: { points: 10, seconds: 900 },
  /** Password checks of any account; key: `addressKey`. */
  sign_in_ip: { points: 300, seconds: 900 },
  /** Sign-ups; key: `addressKey`. */
  sign_up_ip: { points: 100, seconds: 3600 },
  /** Requests for a reset, another verification mail or a sign-in link; key: `addressKey`. */
  forgot_ip: { points: 100, seconds: 3600 },
  /** Mails that somebody who is not signed in can cause; key: the recipient's address key (formats.md: three an hour). */
  mail_recipient: { points: 3, seconds: 3600 },
  /** Links issued; key: client. Bounds the rows that one client can make. */
  links_client: { points: 10_000, seconds: 3600 },
} as const satisfies Record<string, Bucket>

export type BucketName = keyof typeof buckets
