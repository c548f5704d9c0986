import type { SentFile } from '../api.ts'

/** Whom somebody handed documents to: ids, and the names they are shown by (of people, their addresses). */
export type Recent = { everyone: boolean; groups: Named[]; clients: Named[] }
type Named = { id: string; name: string }

const KEPT = 4
const keyOf = (account: string): string => `valise:audiences:${account}`

const isNamed = (value: unknown): value is Named =>
  typeof value === 'object' &&
  value !== null &&
  'id' in value &&
  typeof value.id === 'string' &&
  'name' in value &&
  typeof value.name === 'string'

const isRecent = (value: unknown): value is Recent =>
  typeof value === 'object' &&
  value !== null &&
  'everyone' in value &&
  typeof value.everyone === 'boolean' &&
  'groups' in value &&
  Array.isArray(value.groups) &&
  value.groups.every(isNamed) &&
  'clients' in value &&
  Array.isArray(value.clients) &&
  value.clients.every(isNamed)

/** The last audiences of an account in this browser, newest first. What somebody else wrote there, or nothing, is none. */
export const readRecent = (account: string): Recent[] => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(account)) ?? '[]')
    return Array.isArray(kept) ? kept.filter(isRecent).slice(0, KEPT) : []
  } catch {
    return []
  }
}

/** Without storage (a private window, a full one) there is no list of recent audiences, and nothing else is missing. */
const write = (account: string, recent: Recent[]): void => {
  try {
    if (recent.length === 0) localStorage.removeItem(keyOf(account))
    else localStorage.setItem(keyOf(account), JSON.stringify(recent))
  } catch {
    // See above.
  }
}

const same = (a: Recent, b: Recent): boolean => idsOf(a) === idsOf(b)
const idsOf = ({ everyone, groups, clients }: Recent): string =>
  JSON.stringify([everyone, groups.map(({ id }) => id).sort(), clients.map(({ id }) => id).sort()])

export const keepRecent = (account: string, { everyone, groups, clients }: SentFile['audience']): void => {
  const newest: Recent = {
    everyone,
    groups: groups.map(({ id, name }) => ({ id, name })),
    clients: clients.map(({ id, email }) => ({ id, name: email })),
  }
  write(account, [newest, ...readRecent(account).filter(one => !same(one, newest))].slice(0, KEPT))
}

export const forgetRecent = (account: string): void => write(account, [])
