import type { Db, Tx } from '../db/schema.ts'

/** Taken at a time: a process that dies loses its client no more than this of a link's allowance. */
const SLICE = 8 * 1024 * 1024

/** Takes up to `want` bytes from a single-use link's allowance and gives how many it got. */
export const takeAllowance = async (tx: Tx, linkId: string, want: number): Promise<number> => {
  const row = await tx.selectFrom('links').select('allowance').where('id', '=', linkId).executeTakeFirst()
  const granted = Math.min(row?.allowance ?? 0, want)
  if (granted <= 0) return 0
  // The condition holds on any database: what another transaction took meanwhile is not there to take.
  const taken = await tx
    .updateTable('links')
    .set(eb => ({ allowance: eb('allowance', '-', granted) }))
    .where('id', '=', linkId)
    .where('allowance', '>=', granted)
    .where('revoked_at', 'is', null)
    .where('spent_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return taken ? granted : 0
}

/** Gives back what was taken and not sent; marks the link spent when it is complete or nothing is left. */
export const settleAllowance = async (
  tx: Tx,
  { linkId, unsent, complete, at }: { linkId: string; unsent: number; complete: boolean; at: number },
): Promise<void> => {
  await tx
    .updateTable('links')
    .set(eb => ({
      allowance: eb('allowance', '+', unsent),
      spent_at: complete
        ? at
        : eb
            .case()
            .when(eb('allowance', '+', unsent), '<=', 0)
            .then(at)
            .else(eb.ref('spent_at'))
            .end(),
    }))
    .where('id', '=', linkId)
    .where('spent_at', 'is', null)
    .execute()
}

/** Bytes to take from an allowance before sending `remaining` more. */
export const slice = (remaining: number): number => Math.min(remaining, SLICE)

/**
 * What a stream may hand to its socket: taken from the link's allowance in slices, before the bytes are handed over. A
 * stream of a link for repeated use has no bound.
 */
export const createMeter = (
  db: Db,
  { linkId, single, allowed }: { linkId: string; single: boolean; allowed: number },
) => {
  let taken = allowed
  return {
    /** How many of the next `bytes` may go; `handed` and `remaining` count what went and what the stream has yet to send. */
    permit: async (bytes: number, handed: number, remaining: number): Promise<number> => {
      if (!single) return bytes
      if (handed + bytes > taken) {
        const want = Math.max(bytes, slice(remaining)) - (taken - handed)
        taken += await db.write(tx => takeAllowance(tx, linkId, want))
      }
      return Math.min(bytes, taken - handed)
    },
    unsent: (handed: number): number => (single ? taken - handed : 0),
  }
}

export type Meter = ReturnType<typeof createMeter>
