import type { AuditEventTable } from '../db/schema.ts'
import { type Entry, mapCommitments, readEntry } from './entry.ts'
import { type Json, parseCanonical } from './json.ts'
import { commitment, leafOf } from './leaf.ts'

/** A row of `audit_disclosures`. */
export type Opening = { path: string; salt: Uint8Array; value: string }

/** A sentence about the first way in which a stored event is not what was recorded; undefined when it is. */
export const problemOf = (row: AuditEventTable, openings: readonly Opening[]): string | undefined => {
  if (!leafOf(row.entry).equals(Buffer.from(row.leaf))) return 'Its entry and its leaf do not match.'
  let entry: Entry
  try {
    entry = readEntry(row.entry)
  } catch {
    return 'Its entry is not one that this version writes.'
  }
  const commitments = commitmentsOf(entry)
  const opened = new Map<string, Json>()
  for (const { path, salt, value } of openings) {
    if (salt.length !== 16 || commitments.get(path) !== commitment(salt, value))
      return `What is disclosed at ${path} is not what was recorded.`
    opened.set(path, parse(value))
  }
  return columnProblem(row, entry, path => (commitments.has(path) ? (opened.get(path) ?? ERASED) : null))
}

/** Stands for a value that nobody knows any more: every column may claim it. */
const ERASED: unique symbol = Symbol('erased')

/** The columns are for filters: they repeat what the entry says and must not say anything else. */
const columnProblem = (
  row: AuditEventTable,
  entry: Entry,
  valueAt: (path: string) => Json | typeof ERASED,
): string | undefined => {
  // A refusal without an actor is listed under the account that it was about.
  const actor = entry.actor || !entry.kind.endsWith('refused') ? '/actor/id' : '/subject/id'
  const expected = {
    id: entry.id,
    at: Date.parse(entry.at),
    kind: entry.kind,
    actor_id: valueAt(actor),
    file_id: entry.subject?.file ?? null,
    owner_id: entry.subject?.file === undefined ? null : valueAt('/subject/owner'),
  }
  const columns = ['id', 'at', 'kind', 'actor_id', 'file_id', 'owner_id'] as const
  const wrong = columns.find(name => expected[name] !== ERASED && expected[name] !== row[name])
  return wrong && `Its column ${wrong} does not match its entry.`
}

const commitmentsOf = ({ actor, subject, data }: Entry): Map<string, string> => {
  const found = new Map<string, string>()
  mapCommitments({ actor, subject, data }, '', (path, text) => {
    found.set(path, text)
    return null
  })
  return found
}

const parse = (value: string): Json => {
  try {
    return parseCanonical(value)
  } catch {
    return null
  }
}
