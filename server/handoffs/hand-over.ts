import type { Handoff, NewHandoff } from '../../contract/handoffs.ts'
import type { Static } from '../../contract/wire.ts'
import type { Audit } from '../audit/append.ts'
import { personal, type Actor as Who } from '../audit/event.ts'
import { newId, type RandomBytes } from '../crypto/random.ts'
import type { Db, Tx } from '../db/schema.ts'
import { AppError, invalid } from '../errors.ts'
import { resolveAudience } from '../files/audience.ts'
import { setEnd } from '../files/change.ts'
import { endOf } from '../files/ending.ts'
import { findFile } from '../files/find.ts'
import { giveTo } from '../files/share.ts'
import { addressTo, announce } from './recipients.ts'

type Needs = {
  db: Db
  audit: Audit
  emailKey: (text: string) => string | undefined
  random: RandomBytes
  now: () => number
  /** Somebody is to be told. */
  wake: () => void
}

/** `owner`: whose files may be handed over, undefined for everybody's. */
type By = { owner: string | undefined; who: Who }

/**
 * Hands files over: audience, words, end and who is to be told, for all of them in one transaction. Throws `not_found` for a
 * file that is not there for `owner`, `unknown_recipient`, `conflict` for an expired one, 400 for an audience of nobody.
 */
export const createHandOver =
  ({ db, audit, emailKey, random, now, wake }: Needs) =>
  async (wanted: Static<typeof NewHandoff>, { owner, who }: By): Promise<Handoff> => {
    const at = now()
    const expires = endOf(wanted.expires_at, at)
    const { notify = true, tell_me } = wanted
    const handoff = { id: newId(random), at, note: wanted.note?.trim() || null }

    const handOne = async (tx: Tx, id: string, subjects: string[]) => {
      const file = await findFile(tx, id, owner)
      if (!file) throw new AppError('not_found', { detail: `There is no file ${id} of yours.` })
      const over = file.expires_at !== null && file.expires_at <= at && expires === undefined
      if (file.status === 'expired' || over)
        throw new AppError('conflict', {
          detail: `“${file.name}” has expired. Give it a new end first, or upload it again.`,
        })
      const ref = { id, owner: file.uploaded_by, name: file.name, sha256: file.sha256 }
      await tx.insertInto('handoff_files').values({ handoff_id: handoff.id, file_id: id }).execute()
      if (tell_me !== undefined)
        await tx
          .updateTable('files')
          .set({ tell_uploader: tell_me ? 1 : 0 })
          .where('id', '=', id)
          .execute()
      await setEnd(tx, { audit, file, expires_at: expires, who, saidElsewhere: true })
      await giveTo(tx, { audit, file, subjects, who })
      return { ref, until: expires === undefined ? file.expires_at : expires }
    }

    const done = await db.write(async tx => {
      const subjects = await resolveAudience(tx, wanted.audience, { emailKey, now })
      if (subjects.length === 0) throw invalid('audience', 'names nobody')
      await tx
        .insertInto('handoffs')
        .values({ ...handoff, sent_by: who.id, notify: notify ? 1 : 0 })
        .execute()
      const handed: Awaited<ReturnType<typeof handOne>>[] = []
      for (const id of wanted.files) handed.push(await handOne(tx, id, subjects))
      const [first] = handed
      if (first) await addressTo(tx, { handoff: handoff.id, file: first.ref.id })
      const notified = notify ? await announce(tx, handoff) : 0
      const note = handoff.note === null ? undefined : personal(handoff.note)
      for (const { ref, until } of handed) {
        const expires_at = until === null ? null : new Date(until).toISOString()
        // What was done, not what was wished: nobody may have an account yet.
        const data = { handoff: handoff.id, expires_at, note, notify: notified > 0 }
        await audit.append(tx, { kind: 'file.handed_over', actor: who, file: ref, data })
      }
      return { files: handed.map(({ ref: { id, name } }) => ({ id, name })), notified }
    })
    wake()
    const { id, note } = handoff
    return { id, at: new Date(at).toISOString(), note, expires_at: wanted.expires_at ?? null, ...done }
  }
