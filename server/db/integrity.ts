import { DatabaseSync } from 'node:sqlite'

/** Complaints beyond these add nothing: the database has to come back from its backup. */
const MOST = 5

/**
 * Reads every page, index and reference of a SQLite database and gives what is wrong with it, one sentence each; nothing when
 * it is sound. Reads only; may run beside a server. What is no database at all is one complaint, not an error.
 */
export const checkIntegrity = (path: string): string[] => {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: 5000 })
    const pages = database.prepare(`pragma integrity_check(${MOST})`).all()
    const complaints = pages.map(row => String(row.integrity_check)).filter(text => text !== 'ok')
    const references = database.prepare('pragma foreign_key_check').all()
    const broken = references.slice(0, MOST).map(row => `a row of ${String(row.table)} refers to nothing`)
    return [...complaints, ...broken]
  } catch (error) {
    return [error instanceof Error ? error.message : 'it cannot be read']
  } finally {
    database?.close()
  }
}
