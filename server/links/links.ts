import type { FastifyBaseLogger } from 'fastify'
import type { Audit } from '../audit/append.ts'
import type { Keyring } from '../crypto/keyring.ts'
import type { RandomBytes } from '../crypto/random.ts'
import type { Db } from '../db/schema.ts'
import type { OpenContent } from '../files/content.ts'
import type { Limits } from '../limits/limits.ts'
import { createClaim } from './claim.ts'
import { createDamage } from './damage.ts'
import { createIssue } from './issue.ts'
import { createList } from './list.ts'
import { createPurge } from './purge.ts'
import { createEndQuiet } from './quiet.ts'
import { createReads } from './reads.ts'
import type { Recording } from './record.ts'
import { createRedeem } from './redeem.ts'
import { createRefuse } from './refuse.ts'
import { createRevoke } from './revoke.ts'
import { createRunning } from './running.ts'

type Needs = {
  db: Db
  /** Opens a sealed file for reading; in one process the same as `files.openContent`. */
  content: OpenContent
  keyring: Keyring
  audit: Audit
  limits: Limits
  random: RandomBytes
  log: FastifyBaseLogger
  delivered: Recording['delivered']
  /** `linkTtl` and `linkTtlMax` in seconds. */
  config: { publicUrl: URL; linkTtl: number; linkTtlMax: number }
  bounds?: Partial<typeof usual>
}

/**
 * Per client: links alive at a time, and downloads running at a time (a browser or download manager opens six to sixteen
 * connections). Per process: downloads running at a time.
 */
const usual = { liveLinks: 5000, streamsPerClient: 16, streams: 1024 }

const END_QUIET_EVERY = 5000

/** Links: issue, list, revoke, redeem. Expiry is judged by the database's clock. */
export const createLinks = (needs: Needs) => {
  const { db, content, keyring, audit, limits, random, log, config, bounds } = needs
  const { liveLinks, streamsPerClient, streams } = { ...usual, ...bounds }
  const running = createRunning({ db, log, limits: { perClient: streamsPerClient, perProcess: streams } })
  const refusals = createRefuse({ db, audit, log })
  const endQuiet = createEndQuiet({ db, audit })

  let ending: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    ending = endQuiet(running.downloads()).catch((error: unknown) =>
      log.error({ err: error }, 'ends of downloads were not recorded'),
    )
  }, END_QUIET_EVERY)
  timer.unref()

  return {
    issue: createIssue({ db, keyring, audit, limits, random, config, liveLinks }),
    list: createList({ db }),
    revoke: createRevoke({ db, audit, running }),
    ...createRedeem({
      db,
      content,
      keyring,
      audit,
      delivered: needs.delivered,
      log,
      reads: createReads(),
      running,
      claim: createClaim({ db, audit, random }),
      damage: createDamage({ db, audit, log }),
      refusals,
    }),
    /** How many downloads are being sent by this process. */
    running: running.count,
    /** See `purge.ts`; for the periodic jobs. */
    sweep: createPurge({ db }),
    /** Ends running downloads and resolves when everything about them has been recorded. */
    stop: async (): Promise<void> => {
      clearInterval(timer)
      await running.close()
      await ending
      await refusals.settled()
    },
  }
}

export type Links = ReturnType<typeof createLinks>
