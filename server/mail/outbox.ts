import type { Db, Tx } from '../db/schema.ts'
import { nextAttempt } from './backoff.ts'
import { type Deliver, type Message, PermanentMailError, TransientMailError } from './deliver.ts'
import { decodeEnvelope, encodeEnvelope } from './envelope.ts'
import { createLoop } from './loop.ts'
import { type Claimed, claim, deleteFinished, recordAccepted, recordFailure, recordGivenUp } from './outbox-rows.ts'

/** As many as the relay gets connections. */
const AT_ONCE = 4

export type OutboxNeeds = {
  db: Db
  /** Seals for this mail id alone, and opens what was sealed for it; `open` throws on everything else. */
  seal: (id: string, bytes: Uint8Array) => Uint8Array
  open: (id: string, sealed: Uint8Array) => Uint8Array
  newId: () => string
  /** Milliseconds since 1970. */
  now: () => number
  /** 0 to 1, for the spread of retries. */
  jitter?: () => number
  deliver: Deliver
  /** In the transaction that records it, so that the audit log says what the outbox says. Not called for mails to nobody. */
  onAccepted?: (tx: Tx, mail: { id: string; kind: string }) => Promise<void>
  onGivenUp?: (tx: Tx, mail: { id: string; kind: string; error: string }) => Promise<void>
  /** Something failed that is no refusal of a mail, such as the database. The mail is tried again. */
  onError?: (error: unknown) => void
  /** Milliseconds between looks for mails that other processes wrote, or whose time has come. */
  pollEvery?: number
}

/**
 * Mails are written in the transaction of what they are about, sealed, and sent afterwards by any worker: none is lost, and
 * none is sent for a change that was rolled back. Delivery is at least once: a worker that dies between the relay's answer
 * and its record sends again after five minutes, under the same Message-ID.
 */
export const createOutbox = (needs: OutboxNeeds) => {
  const { db, seal, open, newId, now, deliver, jitter = Math.random, onError = () => {} } = needs
  /** Accepted by the relay, but the record failed (a full disk): only the record is tried again, not the mail. */
  const unrecorded = new Set<string>()

  const enqueue = async (
    tx: Tx,
    { kind, to, message }: { kind: string; to: string | null; message: Message },
  ): Promise<string> => {
    const id = newId()
    const sealed = seal(id, encodeEnvelope({ ...message, to }))
    const time = now()
    await tx
      .insertInto('outbox')
      .values({ id, kind, sealed, created_at: time, next_attempt_at: time, attempts: 0 })
      .execute()
    return id
  }

  const send = async ({ id, sealed }: Claimed): Promise<'sent' | 'for nobody'> => {
    const { to, ...message } = decodeEnvelope(open(id, sealed))
    if (to === null) return 'for nobody'
    if (!unrecorded.has(id)) await deliver({ ...message, id, to })
    unrecorded.add(id)
    return 'sent'
  }

  const handle = async (mail: Claimed): Promise<void> => {
    const { id, kind } = mail
    try {
      const outcome = await send(mail)
      await db.write(async tx => {
        const first = await recordAccepted(tx, id, now())
        if (first && outcome === 'sent') await needs.onAccepted?.(tx, { id, kind })
      })
      unrecorded.delete(id)
    } catch (error) {
      if (unrecorded.has(id)) onError(error)
      else await fail(mail, error)
    }
  }

  const fail = async (mail: Claimed, error: unknown): Promise<void> => {
    const { id, kind, createdAt, attempts } = mail
    // Only our own errors are known to name no address.
    const known = error instanceof PermanentMailError || error instanceof TransientMailError
    const summary = known ? error.message : error instanceof Error ? error.name : 'unknown'
    if (!known) onError(error)
    const time = now()
    const next =
      error instanceof PermanentMailError
        ? undefined
        : nextAttempt({ createdAt, attempts, now: time, random: jitter() })
    await db.write(async tx => {
      if (next !== undefined) await recordFailure(tx, mail, next, summary)
      else if (await recordGivenUp(tx, mail, time, summary)) await needs.onGivenUp?.(tx, { id, kind, error: summary })
    })
  }

  /** Takes the mails that are due, a few at once, and settles when each is sent or put off; gives how many it took. */
  const work = async (): Promise<number> => {
    const mails = await claim(db, { now: now(), limit: AT_ONCE })
    const outcomes = await Promise.allSettled(mails.map(handle))
    for (const outcome of outcomes) if (outcome.status === 'rejected') onError(outcome.reason)
    return mails.length
  }

  const loop = createLoop({ work: async () => (await work()) > 0, every: needs.pollEvery ?? 3000, onError })

  return {
    /**
     * Writes a mail in the caller's transaction; gives its id. `kind` is for the audit log and stays readable. `to: null`
     * does all the same work and is sent to nobody, for addresses that must not be told apart from known ones.
     */
    enqueue,
    work,
    /** After the transaction has committed: looks for mails at once instead of at the next poll. */
    wake: loop.wake,
    start: loop.start,
    /** Resolves when no mail is under way any more; takes up none meanwhile. */
    stop: loop.stop,
    /** Deletes the rows of mails that are done and were written before that time (milliseconds since 1970). */
    prune: (before: number): Promise<void> => db.write(tx => deleteFinished(tx, before)),
  }
}

export type Outbox = ReturnType<typeof createOutbox>
