import { type AuditKind, auditKinds } from '../../contract/audit.ts'
import { escapePointer } from './event.ts'
import { type Json, parseCanonical } from './json.ts'
import { isCommitment } from './leaf.ts'

type Members = { readonly [name: string]: Json }

export type Entry = {
  v: 1
  id: string
  at: string
  kind: AuditKind
  actor: Members | null
  subject: Members | null
  data: Members
}

/** Reads the stored text of an entry. Throws TypeError unless it is canonical JSON of an entry of this version. */
export const readEntry = (text: string): Entry => {
  const entry = parseCanonical(text)
  if (!isMembers(entry)) throw new TypeError('An entry is an object')
  const { v, id, at, kind, actor, subject, data, ...others } = entry
  const known = auditKinds.find(one => one === kind)
  const complete =
    v === 1 &&
    typeof id === 'string' &&
    typeof at === 'string' &&
    known !== undefined &&
    Object.keys(others).length === 0
  if (!complete || !isMembersOrNull(actor) || !isMembersOrNull(subject) || !isMembers(data))
    throw new TypeError('Not an entry of version 1')
  return { v, id, at, kind: known, actor, subject, data }
}

/**
 * A copy of a part of an entry in which `open` replaces every commitment. `path` is that part's RFC 6901 pointer, such as
 * `/actor`; `open` is given the pointer of each commitment, too.
 */
export const mapCommitments = (value: Json, path: string, open: (path: string, commitment: string) => Json): Json => {
  if (typeof value === 'string') return isCommitment(value) ? open(path, value) : value
  if (isList(value)) return value.map((item, index) => mapCommitments(item, `${path}/${index}`, open))
  return isMembers(value) ? mapMembers(value, path, open) : value
}

/** As {@link mapCommitments}, for an object. */
export const mapMembers = (members: Members, path: string, open: (path: string, commitment: string) => Json): Members =>
  Object.fromEntries(
    Object.entries(members).map(([name, member]) => [
      name,
      mapCommitments(member, `${path}/${escapePointer(name)}`, open),
    ]),
  )

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

const isMembers = (value: Json | undefined): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isMembersOrNull = (value: Json | undefined): value is Members | null => value === null || isMembers(value)
