import type { Db, NoticeTable, Tx } from '../db/schema.ts'
import type { Message } from '../mail/deliver.ts'
import { createLoop } from '../mail/loop.ts'
import { aboutFetching, aboutFiles, aboutHandoff, type Letter } from './letters.ts'
import { keepNamed } from './notified.ts'

/** So many mails are written in one transaction, which holds the one writer for some milliseconds. */
const AT_ONCE = 20
const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Milliseconds between looks for notices that other processes wrote, or whose time has come. */
const POLL = 5000

type Needs = {
  db: Db
  enqueue: (tx: Tx, mail: { kind: string; to: string; message: Message }) => Promise<string>
  /** Mails were written. */
  wake: () => void
  publicUrl: URL
  now: () => number
  onError: (error: unknown) => void
}

type Notice = Pick<NoticeTable, 'about' | 'ref' | 'client_id'>
const key = ['about', 'ref', 'client_id'] as const

/**
 * Turns notices into mails, each in the transaction that settles its notices: a process that dies between loses none and
 * sends none twice. What one person is to hear of several files becomes one mail.
 */
export const createNotifier = ({ db, enqueue, wake, publicUrl, now, onError }: Needs) => {
  const claim = async (tx: Tx, notice: Notice): Promise<boolean> => {
    const { numUpdatedRows } = await only(tx.updateTable('notices').set({ settled_at: now() }), notice)
      .where('settled_at', 'is', null)
      .where('due_at', '<=', now())
      .executeTakeFirstOrThrow()
    return numUpdatedRows === 1n
  }

  /** A hand-off whose documents wait for the scanner: all that is to be told of it waits, the longer the longer it has. */
  const postpone = async (tx: Tx, { about, ref }: Notice): Promise<void> => {
    const act = await tx.selectFrom('handoffs').select('at').where('id', '=', ref).executeTakeFirstOrThrow()
    const wait = Math.min(HOUR, Math.max(MINUTE, (now() - act.at) / 4))
    await tx
      .updateTable('notices')
      .set({ due_at: now() + Math.round(wait) })
      .where('ref', '=', ref)
      .where('about', '=', about)
      .where('settled_at', 'is', null)
      .execute()
  }

  const handle = async (tx: Tx, notice: Notice): Promise<void> => {
    // An earlier mail of this round may have told of it, or put it off.
    if (!(await claim(tx, notice))) return
    const notices = [notice]
    for (const other of await alike(tx, notice, now())) if (await claim(tx, other)) notices.push(other)
    const letter = await letterOf(tx, notices)
    if (letter === 'nothing') return
    if (letter === 'later') {
      await only(tx.updateTable('notices').set({ settled_at: null }), notice).execute()
      return postpone(tx, notice)
    }
    const { kind, to, message, files, client } = letter
    const mail = await enqueue(tx, { kind, to, message })
    await keepNamed(tx, { mail, files, client, about: notice.about })
  }

  const letterOf = (tx: Tx, notices: readonly Notice[]): Promise<Letter> => {
    const [{ about, ref, client_id } = { about: '', ref: '', client_id: '' }] = notices
    const base = { publicUrl: publicUrl.origin, now: now() }
    if (about === 'handoff') return aboutHandoff(tx, { handoff: ref, client: client_id, ...base })
    if (about === 'reminder' || about === 'expiry') {
      const files = notices.map(notice => notice.ref)
      return aboutFiles(tx, { files, client: client_id, ...base })
    }
    return aboutFetching(tx, { about: about === 'asked' ? 'asked' : 'fetched', notices, ...base })
  }

  const inOne = (notices: readonly Notice[]): Promise<void> =>
    db.write(async tx => {
      for (const notice of notices) await handle(tx, notice)
    })

  const putOff = (notice: Notice): Promise<unknown> =>
    db.write(tx => only(tx.updateTable('notices').set({ due_at: now() + HOUR }), notice).execute())

  const work = async (): Promise<boolean> => {
    const due = await db.read
      .selectFrom('notices')
      .select(key)
      .where('settled_at', 'is', null)
      .where('due_at', '<=', now())
      .orderBy('due_at')
      .limit(AT_ONCE)
      .execute()
    if (due.length === 0) return false
    await inOne(due).catch(async error => {
      onError(error)
      // One of them is in the way: each by itself, and that one later.
      for (const notice of due) await inOne([notice]).catch(() => putOff(notice))
    })
    wake()
    return due.length === AT_ONCE
  }

  const loop = createLoop({ work, every: POLL, onError })
  return { work, start: loop.start, stop: loop.stop, wake: loop.wake }
}

type Keyed<Q> = { where: (column: (typeof key)[number], op: '=', value: string) => Q }

const only = <Q extends Keyed<Q>>(query: Q, notice: Notice): Q =>
  query.where('ref', '=', notice.ref).where('client_id', '=', notice.client_id).where('about', '=', notice.about)

/** Others that go into the same mail: reminders of one client, or what one uploader is to hear. */
const alike = async (tx: Tx, { about, ref, client_id }: Notice, now: number): Promise<Notice[]> => {
  if (about === 'handoff') return []
  const waiting = tx
    .selectFrom('notices')
    .select(key)
    .where('settled_at', 'is', null)
    .where('due_at', '<=', now)
    .limit(200)
  if (about === 'reminder' || about === 'expiry')
    return waiting.where('client_id', '=', client_id).where('about', 'in', ['reminder', 'expiry']).execute()
  return waiting
    .where('about', '=', about)
    .where('ref', 'in', eb =>
      eb
        .selectFrom('files')
        .select('id')
        .where('uploaded_by', '=', of => of.selectFrom('files').select('uploaded_by').where('id', '=', ref)),
    )
    .execute()
}
