import type { Group } from '../../contract/accounts.ts'
import type { Static } from '../../contract/wire.ts'
import { personal, type Actor as Who } from '../audit/event.ts'
import { newId } from '../crypto/random.ts'
import type { GroupTable, Reader, Tx } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { decodeCursor, limitOf, pageOf } from '../paging.ts'
import { nameKey, nameOf } from './input.ts'
import type { Parts } from './parts.ts'
import { toTime, toUser, userColumns } from './user.ts'

type Needs = Pick<Parts, 'db' | 'audit' | 'random' | 'now'>

/** A group as the audit log names it. */
export const groupSubject = (group: Pick<GroupTable, 'id' | 'name'>) => ({
  group: group.id,
  name: personal(group.name),
})

/**
 * A group that may be changed: any when `owner` is undefined, else one `owner` created, since membership decides who sees
 * what was shared with the group. Throws `not_found`.
 */
export const managedGroup = async (db: Reader, id: string, owner: string | undefined): Promise<GroupTable> => {
  let query = db.selectFrom('groups').selectAll().where('id', '=', id)
  if (owner !== undefined) query = query.where('created_by', '=', owner)
  const group = await query.executeTakeFirst()
  if (group === undefined) throw new AppError('not_found')
  return group
}

/** Groups with their members, as the API shows them. */
export const showGroups = async (db: Reader, groups: readonly GroupTable[]): Promise<Static<typeof Group>[]> => {
  if (groups.length === 0) return []
  const rows = await db
    .selectFrom('group_members')
    .innerJoin('accounts', 'accounts.id', 'group_members.account_id')
    .select('group_members.group_id')
    .select(userColumns)
    .where(
      'group_members.group_id',
      'in',
      groups.map(({ id }) => id),
    )
    .orderBy('accounts.name')
    .orderBy('accounts.id')
    .execute()
  const members = Map.groupBy(rows, row => row.group_id)
  return groups.map(({ id, name, created_at }) => ({
    id,
    name,
    members: (members.get(id) ?? []).map(toUser),
    created_at: toTime(created_at),
  }))
}

/** Groups of clients: named sets that files are shared with. */
export const createGroups = ({ db, audit, random, now }: Needs) => {
  const checkFree = async (tx: Tx, name: string, except: string): Promise<void> => {
    const taken = await tx
      .selectFrom('groups')
      .select('name')
      .where('name_key', '=', nameKey(name))
      .where('id', '<>', except)
      .executeTakeFirst()
    if (taken) throw new AppError('conflict', { detail: `There is a group called ${taken.name}.` })
  }

  return {
    /** Throws `conflict` when another group's name reads the same. */
    createGroup: async (text: string, who: Who) => {
      const name = nameOf(text)
      const group = { id: newId(random), name, name_key: nameKey(name), created_by: who.id, created_at: now() }
      await db.write(async tx => {
        await checkFree(tx, name, group.id)
        await tx.insertInto('groups').values(group).execute()
        await audit.append(tx, { kind: 'group.created', actor: who, subject: groupSubject(group) })
      })
      return { id: group.id, name, members: [], created_at: toTime(group.created_at) }
    },

    /** Every group, newest first: ops share with groups that others made, too. */
    listGroups: async (query: { limit?: string; cursor?: string }) => {
      const limit = limitOf(query.limit)
      let rows = db.read
        .selectFrom('groups')
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
      if (query.cursor !== undefined) {
        const [created, id] = decodeCursor(query.cursor, ['number', 'string'])
        rows = rows.where(eb => eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(created, id)))
      }
      const page = pageOf(await rows.execute(), limit, row => [row.created_at, row.id])
      return { items: await showGroups(db.read, page.rows), next_cursor: page.next_cursor }
    },

    /** Throws `not_found`. */
    getGroup: async (id: string) => {
      const [group] = await showGroups(db.read, [await managedGroup(db.read, id, undefined)])
      if (group === undefined) throw new AppError('not_found')
      return group
    },

    /** Throws `not_found`, or `conflict` when another group's name reads the same. */
    renameGroup: async (id: string, text: string, { owner, who }: { owner: string | undefined; who: Who }) => {
      const name = nameOf(text)
      await db.write(async tx => {
        const group = await managedGroup(tx, id, owner)
        if (group.name === name) return
        await checkFree(tx, name, id)
        await tx
          .updateTable('groups')
          .set({ name, name_key: nameKey(name) })
          .where('id', '=', id)
          .execute()
        const subject = groupSubject({ id, name })
        await audit.append(tx, { kind: 'group.renamed', actor: who, subject, data: { before: personal(group.name) } })
      })
      const [shown] = await showGroups(db.read, [await managedGroup(db.read, id, owner)])
      if (shown === undefined) throw new AppError('not_found')
      return shown
    },
  }
}
