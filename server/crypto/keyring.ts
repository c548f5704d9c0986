import { createSecretKey, type KeyObject, type webcrypto } from 'node:crypto'
import { deriveKey, type Purpose } from './derive.ts'
import { fromBase64url, toBase64url } from './encoding.ts'
import { activateNextKey, addNextKey, destroyKey, type KeyringData, type KeyringKey } from './keyring-data.ts'
import { KeyringError } from './keyring-error.ts'
import { openLedgerKey } from './ledger-key.ts'
import type { RandomBytes } from './random.ts'

/** What the keyring's own keys may be derived for; tail keys come from data keys, check values have their own verb. */
export type KeyringPurpose = Exclude<Purpose, 'valise/tail/v1' | 'valise/check/v1'>

/** RFC 7518 section 3.2. */
const HS256 = { name: 'HMAC', hash: 'SHA-256' } as const

export type Keyring = ReturnType<typeof createKeyring>

/**
 * The keys of an installation in use. Derived keys are made once each; secrets are in no enumerable property, so that
 * logging the keyring shows none. @throws KeyringError if `data` (from `parseKeyring` or `generateKeyring`) is
 * unusable.
 */
export function createKeyring(data: KeyringData) {
  const active = data.keys.find(key => key.state === 'active')
  if (active === undefined) throw new KeyringError('invalid', 'the keyring has no active key')
  const ledger = openLedgerKey(data.ledger)
  if (ledger === undefined) throw new KeyringError('invalid', "the keyring's ledger key is damaged")
  const secrets = new Map(data.keys.flatMap(key => (key.state === 'destroyed' ? [] : [[key.id, secretOf(key)]])))
  const derived = new Map<string, KeyObject>()
  const sessionKeys = new Map<string, webcrypto.CryptoKey>()

  const derive = (purpose: Purpose, id: string): KeyObject | undefined => {
    const name = `${purpose} ${id}`
    const known = derived.get(name)
    if (known !== undefined) return known
    const secret = secrets.get(id)
    if (secret === undefined) return undefined
    const key = deriveKey(secret, purpose)
    derived.set(name, key)
    return key
  }

  return {
    /** The id of the key that seals: 8 hex digits, in tokens the `kid`. */
    active: active.id,
    /** Raised by a restore: what was issued in an older epoch is dead (ledger.md). */
    epoch: data.epoch,

    /** The key to seal with now. */
    keyFor(purpose: KeyringPurpose): { id: string; key: KeyObject } {
      const key = derive(purpose, active.id)
      if (key === undefined) throw new KeyringError('invalid', 'the active key has no secret')
      return { id: active.id, key }
    },

    /** The key to open with: active, retired or next. Undefined for one destroyed or unknown. */
    keyById: (purpose: KeyringPurpose, id: string): KeyObject | undefined => derive(purpose, id),

    /**
     * The session token key with that id, as `keyById`, in the form that jose takes without a conversion per token
     * (half of its time). HMAC-SHA-256, to sign and verify.
     */
    sessionKeyById(id: string): webcrypto.CryptoKey | undefined {
      const known = sessionKeys.get(id)
      if (known !== undefined) return known
      const key = derive('valise/jwt/v1', id)?.toCryptoKey(HS256, false, ['sign', 'verify'])
      if (key !== undefined) sessionKeys.set(id, key)
      return key
    },

    /** Every key, tombstones included, without secrets. */
    ids: () => data.keys.map(({ id, state, created_at }) => ({ id, state, created_at })),

    /**
     * A value per key (43 characters) that shows which secret it is and reveals nothing of it. The database keeps them:
     * a keyring with the right ids and other secrets is refused at start.
     */
    checkValues(): { id: string; value: string }[] {
      return [...secrets].map(([id, secret]) => ({
        id,
        value: toBase64url(deriveKey(secret, 'valise/check/v1').export()),
      }))
    },

    /** The pair that signs checkpoints, and nothing else. */
    ledgerKey: () => ledger,

    /** The keyring to write for step one of a rotation: with a key that all nodes can open before one seals with it. */
    withNext: (now: number, random: RandomBytes): KeyringData => addNextKey(data, now, random),

    /** Step two: the next key seals, the active one retires. */
    withNextActivated: (): KeyringData => activateNextKey(data),

    /** Both steps at once, for a single node; a next key that waits already is taken. `now` in milliseconds. */
    rotated(now: number, random: RandomBytes): KeyringData {
      const waiting = data.keys.some(key => key.state === 'next')
      return activateNextKey(waiting ? data : addNextKey(data, now, random))
    },

    /** With one key replaced by its tombstone; see `destroyKey`. */
    without: (id: string): KeyringData => destroyKey(data, id),

    /** With the epoch raised by one, for a restore. */
    withEpochRaised: (): KeyringData => ({ ...data, epoch: data.epoch + 1 }),
  }
}

function secretOf(key: Extract<KeyringKey, { secret: string }>): KeyObject {
  const bytes = fromBase64url(key.secret, 32)
  if (bytes === undefined) throw new KeyringError('invalid', `key ${key.id} of the keyring has no usable secret`)
  return createSecretKey(bytes)
}
