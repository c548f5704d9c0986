import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { type Bucket, type BucketName, buckets } from './buckets.ts'
import { createKeys } from './keys.ts'

/** `retryAfter` in whole seconds, at least 1. */
export type Taken = { ok: true } | { ok: false; retryAfter: number }

/**
 * Rate limits of this process, by the named buckets of `buckets.ts`. Memory is bounded (`keys.ts`). `now` gives milliseconds
 * since 1970 and must agree with Date.now, which the library's counters read. Figures can be replaced, for tests.
 */
export const createLimits = ({
  now,
  figures = {},
}: {
  now: () => number
  figures?: Partial<Record<BucketName, Bucket>>
}) => {
  const open = (name: BucketName) => createBucket(figures[name] ?? buckets[name], now)
  const all: Record<BucketName, ReturnType<typeof createBucket>> = {
    sign_in_account: open('sign_in_account'),
    sign_in_device: open('sign_in_device'),
    sign_in_ip: open('sign_in_ip'),
    sign_up_ip: open('sign_up_ip'),
    forgot_ip: open('forgot_ip'),
    mail_recipient: open('mail_recipient'),
    links_client: open('links_client'),
  }
  return {
    /** Takes points in one step, so that requests at the same time cannot all see the last one. A refusal takes nothing. */
    take: (bucket: BucketName, key: string, points = 1): Promise<Taken> => all[bucket].take(key, points),
    /** Gives points back, for what turned out not to count; never more than were taken. */
    refund: (bucket: BucketName, key: string, points = 1): Promise<void> => all[bucket].refund(key, points),
    /** Makes the bucket full again for this key. */
    reset: (bucket: BucketName, key: string): Promise<void> => all[bucket].reset(key),
  }
}

export type Limits = ReturnType<typeof createLimits>

const createBucket = ({ points, seconds }: Bucket, now: () => number) => {
  const counters = new RateLimiterMemory({ points, duration: seconds })
  const keys = createKeys({ seconds, now })
  return {
    take: async (key: string, count: number): Promise<Taken> => {
      const counter = keys.counterFor(key)
      try {
        await counters.consume(counter, count)
        return { ok: true }
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused
        // The library counts refused points too; then nothing that is given back would show until they are worked off.
        await counters.reward(counter, count)
        return { ok: false, retryAfter: Math.max(1, Math.ceil(refused.msBeforeNext / 1000)) }
      }
    },
    refund: async (key: string, count: number): Promise<void> => {
      // Shared counters give nothing back: somebody could refund what another one took.
      const counter = keys.ownCounterOf(key)
      if (counter === undefined) return
      const { consumedPoints } = await counters.reward(counter, count)
      if (consumedPoints < 0) await counters.delete(counter)
    },
    reset: async (key: string): Promise<void> => {
      const counter = keys.ownCounterOf(key)
      if (counter !== undefined) await counters.delete(counter)
    },
  }
}
