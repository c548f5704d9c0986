import { toBase64url } from './encoding.ts'
import { KeyringError } from './keyring-error.ts'
import { generateLedgerKey, type LedgerKeyData } from './ledger-key.ts'
import type { RandomBytes } from './random.ts'

/**
 * One key. `next` opens but never seals, until every node has it; one is `active` and seals; `retired` opens what it
 * once sealed; a `destroyed` key is a tombstone without its secret.
 */
export type KeyringKey =
  | { id: string; created_at: string; state: 'next' | 'active' | 'retired'; secret: string }
  | { id: string; created_at: string; state: 'destroyed' }

/** The content of `data/keyring.json` (formats.md, "Keyring"). `epoch` is raised by a restore. */
export type KeyringData = { version: 1; epoch: number; keys: KeyringKey[]; ledger: LedgerKeyData }

/** The keyring of a new installation: one active key, a ledger key, epoch 1. `now` in milliseconds since 1970. */
export function generateKeyring(now: number, random: RandomBytes): KeyringData {
  return { version: 1, epoch: 1, keys: [newKey([], 'active', now, random)], ledger: generateLedgerKey(random) }
}

/** The text of the file, and of `VALISE_KEYRING`. Secret. */
export function formatKeyring(data: KeyringData): string {
  return `${JSON.stringify(data, null, 2)}\n`
}

/** Adds a key in state `next`. @throws KeyringError if there is one already. */
export function addNextKey(data: KeyringData, now: number, random: RandomBytes): KeyringData {
  if (data.keys.some(key => key.state === 'next')) {
    throw new KeyringError('invalid', 'there is a next key already: activate it once every node has it')
  }
  return { ...data, keys: [...data.keys, newKey(data.keys, 'next', now, random)] }
}

/** Makes the `next` key the active one and retires the active one. @throws KeyringError if there is no next key. */
export function activateNextKey(data: KeyringData): KeyringData {
  if (!data.keys.some(key => key.state === 'next')) {
    throw new KeyringError('invalid', 'there is no next key: add one first')
  }
  const keys = data.keys.map((key): KeyringKey => {
    if (key.state === 'active') return { ...key, state: 'retired' }
    return key.state === 'next' ? { ...key, state: 'active' } : key
  })
  return { ...data, keys }
}

/**
 * Replaces a key by its tombstone: what it alone wrapped is gone for good, so callers first make sure that no live row
 * uses it. @throws KeyringError for an unknown id and for the active key.
 */
export function destroyKey(data: KeyringData, id: string): KeyringData {
  const doomed = data.keys.find(key => key.id === id)
  if (doomed === undefined) throw new KeyringError('invalid', `the keyring has no key ${id}`)
  if (doomed.state === 'active') throw new KeyringError('invalid', `key ${id} is active: rotate first`)
  const tombstone: KeyringKey = { id, created_at: doomed.created_at, state: 'destroyed' }
  return { ...data, keys: data.keys.map(key => (key.id === id ? tombstone : key)) }
}

function newKey(
  existing: readonly KeyringKey[],
  state: 'next' | 'active',
  now: number,
  random: RandomBytes,
): KeyringKey {
  let id = random(4).toString('hex')
  while (existing.some(key => key.id === id)) id = random(4).toString('hex')
  return { id, created_at: new Date(now).toISOString(), state, secret: toBase64url(random(32)) }
}
