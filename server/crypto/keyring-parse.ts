import { fromBase64url } from './encoding.ts'
import type { KeyringData, KeyringKey } from './keyring-data.ts'
import { KeyringError } from './keyring-error.ts'
import { type LedgerKeyData, openLedgerKey } from './ledger-key.ts'

const RESTORE = 'restore it from its backup'

/**
 * The keyring in a text, every part of it checked: a key that is empty, short or all zero must stop the start, since
 * everything sealed under it would be readable (security.md, row 2). @throws KeyringError, whose text quotes nothing of
 * the content but well-formed key ids.
 */
export function parseKeyring(text: string): KeyringData {
  if (text.trim() === '') fail(`the keyring is empty: ${RESTORE}`)
  const data = record(parseJson(text), 'the keyring', ['version', 'epoch', 'keys', 'ledger'])
  if (data.version !== 1) fail('the keyring has a version this program does not know: use a newer program')
  if (!isCount(data.epoch)) fail(`the keyring's epoch is not a whole number above 0: ${RESTORE}`)
  if (!Array.isArray(data.keys) || data.keys.length === 0) fail(`the keyring holds no keys: ${RESTORE}`)
  const keys = data.keys.map(parseKey)
  checkTogether(keys)
  return { version: 1, epoch: data.epoch, keys, ledger: parseLedgerKey(data.ledger) }
}

function parseKey(value: unknown, index: number): KeyringKey {
  const position = `key ${index + 1} of the keyring`
  const entry = record(value, position, ['id', 'created_at', 'state', 'secret'])
  const { id, created_at, state, secret } = entry
  if (typeof id !== 'string' || !/^[0-9a-f]{8}$/.test(id)) fail(`${position}: its id is not 8 hex digits: ${RESTORE}`)
  const name = `key ${id} of the keyring`
  if (typeof created_at !== 'string' || !isTime(created_at)) fail(`${name}: created_at is not a time: ${RESTORE}`)
  if (state === 'destroyed') {
    if (secret !== undefined) fail(`${name}: it is destroyed, yet its secret is here: remove the secret`)
    return { id, created_at, state }
  }
  if (state !== 'next' && state !== 'active' && state !== 'retired') {
    fail(`${name}: its state is none of next, active, retired, destroyed: ${RESTORE}`)
  }
  return { id, created_at, state, secret: parseSecret(secret, name) }
}

function parseSecret(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '') fail(`${name}: its secret is missing: ${RESTORE}`)
  const bytes = fromBase64url(value, 32)
  if (bytes === undefined) fail(`${name}: its secret is not 32 bytes of base64url (43 characters): ${RESTORE}`)
  if (bytes.every(byte => byte === bytes[0])) {
    fail(`${name}: its secret is one byte repeated, which anybody can guess: ${RESTORE}`)
  }
  return value
}

function checkTogether(keys: readonly KeyringKey[]): void {
  const seen = new Set<string>()
  for (const key of keys) {
    if (seen.has(key.id)) fail(`the keyring has two keys ${key.id}: ${RESTORE}`)
    seen.add(key.id)
    if (key.state === 'destroyed') continue
    if (seen.has(key.secret)) fail(`key ${key.id} of the keyring repeats another key's secret: ${RESTORE}`)
    seen.add(key.secret)
  }
  const active = keys.filter(key => key.state === 'active').length
  if (active !== 1) fail(`the keyring has ${active === 0 ? 'no' : 'more than one'} active key: ${RESTORE}`)
  if (keys.filter(key => key.state === 'next').length > 1) fail(`the keyring has two next keys: ${RESTORE}`)
}

function parseLedgerKey(value: unknown): LedgerKeyData {
  const { kty, crv, d, x } = record(value, "the keyring's ledger key", ['kty', 'crv', 'd', 'x'])
  if (kty !== 'OKP' || crv !== 'Ed25519' || typeof d !== 'string' || typeof x !== 'string') {
    fail(`the keyring's ledger key is not an Ed25519 key: ${RESTORE}`)
  }
  const data: LedgerKeyData = { kty, crv, d, x }
  if (/^A*$/.test(d) || openLedgerKey(data) === undefined) {
    fail(`the keyring's ledger key is damaged (its two halves do not belong together): ${RESTORE}`)
  }
  return data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message quotes the text around the mistake, and so perhaps a secret.
    return fail(`the keyring is not JSON: ${RESTORE}`)
  }
}

/** The fields of a JSON object that has no others; each is undefined where absent. */
function record<Field extends string>(
  value: unknown,
  name: string,
  fields: readonly Field[],
): Partial<Record<Field, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(`${name} is not an object: ${RESTORE}`)
  const entries = new Map(Object.entries(value))
  const found: Partial<Record<Field, unknown>> = {}
  for (const field of fields) {
    found[field] = entries.get(field)
    entries.delete(field)
  }
  if (entries.size > 0) fail(`${name} has a field this program does not know: ${RESTORE}, or use a newer program`)
  return found
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && typeof value === 'number' && value > 0
}

function isTime(text: string): boolean {
  const time = Date.parse(text)
  return !Number.isNaN(time) && new Date(time).toISOString() === text
}

function fail(message: string): never {
  throw new KeyringError('invalid', message)
}
