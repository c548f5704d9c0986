import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { start } from './0001-start.ts'
import type { ColumnTypes } from './types.ts'

/** In this order, for ever: a released migration is never edited, only followed. */
const statements = { '0001-start': start }

/** Migrations for one database, ready for Kysely's Migrator. */
export const migrations = (types: ColumnTypes): Record<string, Migration> =>
  Object.fromEntries(
    Object.entries(statements).map(([name, build]) => [
      name,
      {
        up: async (db: Kysely<unknown>) => {
          for (const statement of build(types)) await sql.raw(statement).execute(db)
        },
      },
    ]),
  )
