import assert from 'node:assert/strict'
import { createHmac, sign, verify } from 'node:crypto'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'
import { createKeyring } from './keyring.ts'
import { formatKeyring, generateKeyring } from './keyring-data.ts'
import { KeyringError } from './keyring-error.ts'
import { parseKeyring } from './keyring-parse.ts'
import { systemRandom } from './random.ts'

const NOW = Date.UTC(2026, 0, 1)
const data = generateKeyring(NOW, systemRandom)
const keyring = createKeyring(data)
const purposes = ['valise/kek/v1', 'valise/jwt/v1', 'valise/link/v1', 'valise/outbox/v1'] as const

function secretsOf(text: string): string[] {
  return [...text.matchAll(/"(?:secret|d)": "([^"]+)"/g)].flatMap(match => match[1] ?? [])
}

describe('a keyring', () => {
  it('derives by HKDF-SHA-256 with an empty salt (RFC 5869)', () => {
    const secret = Buffer.from(data.keys[0]?.state === 'active' ? data.keys[0].secret : '', 'base64url')
    const prk = createHmac('sha256', Buffer.alloc(32)).update(secret).digest()
    for (const purpose of purposes) {
      const expected = createHmac('sha256', prk).update(`${purpose}\x01`).digest()
      assert.ok(keyring.keyFor(purpose).key.export().equals(expected))
    }
  })

  it('has one key per purpose and installation', () => {
    const other = createKeyring(generateKeyring(NOW, systemRandom))
    const keys = [keyring, other].flatMap(ring => purposes.map(purpose => ring.keyFor(purpose).key.export()))
    const values = [keyring, other].flatMap(ring => ring.checkValues().map(check => check.value))
    assert.equal(new Set([...keys.map(key => key.toString('base64url')), ...values]).size, 10)
  })

  it('seals with the active key and opens with next and retired ones', () => {
    const waiting = createKeyring(keyring.withNext(NOW, systemRandom))
    assert.equal(waiting.active, keyring.active)
    const nextId = waiting.ids().find(key => key.state === 'next')?.id ?? ''
    assert.ok(waiting.keyById('valise/kek/v1', nextId))
    const switched = createKeyring(waiting.withNextActivated())
    assert.equal(switched.active, nextId)
    assert.equal(switched.keyFor('valise/kek/v1').id, nextId)
    assert.ok(switched.keyById('valise/kek/v1', keyring.active)?.equals(keyring.keyFor('valise/kek/v1').key))
    assert.deepEqual(
      switched.ids().map(key => key.state),
      ['retired', 'active'],
    )
  })

  it('rotates at once, with a waiting next key if there is one', () => {
    const rotated = createKeyring(keyring.rotated(NOW, systemRandom))
    assert.notEqual(rotated.active, keyring.active)
    const waiting = createKeyring(keyring.withNext(NOW, systemRandom))
    const after = createKeyring(waiting.rotated(NOW, systemRandom))
    assert.equal(after.ids().length, 2)
    assert.equal(after.active, waiting.ids().find(key => key.state === 'next')?.id)
    assert.throws(() => waiting.withNext(NOW, systemRandom), KeyringError)
    assert.throws(() => keyring.withNextActivated(), KeyringError)
  })

  it('forgets a destroyed key and keeps its tombstone', () => {
    const rotated = createKeyring(keyring.rotated(NOW, systemRandom))
    const without = rotated.without(keyring.active)
    const left = createKeyring(without)
    assert.equal(left.keyById('valise/kek/v1', keyring.active), undefined)
    assert.deepEqual(left.ids()[0], { id: keyring.active, state: 'destroyed', created_at: '2026-01-01T00:00:00.000Z' })
    assert.equal(left.checkValues().length, 1)
    const [old = ''] = secretsOf(formatKeyring(data))
    assert.ok(old.length === 43 && !formatKeyring(without).includes(old))
    assert.deepEqual(parseKeyring(formatKeyring(without)), without)
    assert.throws(() => keyring.without(keyring.active), /rotate first/)
    assert.throws(() => keyring.without('00000000'), KeyringError)
  })

  it('knows no unknown key', () => {
    assert.equal(keyring.keyById('valise/kek/v1', 'nonsense'), undefined)
    assert.equal(keyring.keyById('valise/kek/v1', '__proto__'), undefined)
  })

  it('raises its epoch for a restore', () => {
    assert.equal(keyring.epoch, 1)
    assert.equal(createKeyring(keyring.withEpochRaised()).epoch, 2)
  })

  it('signs with its ledger key', () => {
    const { privateKey, publicKey } = keyring.ledgerKey()
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey])
    const signature = sign(null, Buffer.from('note'), privateKey)
    assert.ok(verify(null, Buffer.from('note'), { key: spki, format: 'der', type: 'spki' }, signature))
  })

  it('shows no secret when it is logged', () => {
    keyring.keyFor('valise/jwt/v1')
    const shown = inspect(keyring, { depth: null, showHidden: true }) + JSON.stringify(keyring)
    const secrets = secretsOf(formatKeyring(data))
    assert.equal(secrets.length, 2)
    for (const secret of secrets) assert.ok(!shown.includes(secret))
  })

  it('draws again when a new id is taken', () => {
    const first = data.keys[0]?.id ?? ''
    const draws = [Buffer.from(first, 'hex'), Buffer.from('0badcafe', 'hex'), Buffer.alloc(32, 'x')]
    const rotated = keyring.rotated(NOW, () => draws.shift() ?? Buffer.alloc(0))
    assert.equal(createKeyring(rotated).active, '0badcafe')
  })
})
