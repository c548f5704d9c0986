import type { Verdict } from './finding.ts'
import type { InspectPolicy } from './policy.ts'

/** What a worker is started with. */
export type WorkerData = { policy: InspectPolicy }

/** One inspection at a time; `bytes` and `unreadable` answer the read with that number. */
export type ToWorker =
  | { kind: 'inspect'; name: string; size: number }
  | { kind: 'bytes'; read: number; bytes: Uint8Array }
  | { kind: 'unreadable'; read: number }

/** `unreadable` ends an inspection whose source failed; `failure` tells the log why the verdict is `inspection_failed`. */
export type FromWorker =
  | { kind: 'read'; read: number; position: number; length: number }
  | { kind: 'verdict'; verdict: Verdict; failure?: string }
  | { kind: 'unreadable' }
