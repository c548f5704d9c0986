import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatKeyring, generateKeyring } from './keyring-data.ts'
import { KeyringError } from './keyring-error.ts'
import { parseKeyring } from './keyring-parse.ts'
import { systemRandom } from './random.ts'

const data = generateKeyring(0, systemRandom)
const [key] = data.keys
assert.ok(key !== undefined && key.state === 'active')
const other = { ...key, id: '00000001', state: 'retired', secret: systemRandom(32).toString('base64url') }
const foreign = generateKeyring(0, systemRandom)
const { ledger: _ledger, ...withoutLedger } = data
const { secret: _secret, ...withoutSecret } = key

const mistakes: [name: string, value: unknown, says: RegExp][] = [
  ['unknown version', { ...data, version: 2 }, /newer program/],
  ['no version', { ...data, version: undefined }, /newer program/],
  ['no keys', { ...data, keys: undefined }, /no keys/],
  ['empty keys', { ...data, keys: [] }, /no keys/],
  ['no epoch', { ...data, epoch: undefined }, /epoch/],
  ['epoch 0', { ...data, epoch: 0 }, /epoch/],
  ['epoch as text', { ...data, epoch: '1' }, /epoch/],
  ['unknown field', { ...data, kyes: [] }, /field/],
  ['key not an object', { ...data, keys: ['secret'] }, /not an object/],
  ['unknown field in a key', { ...data, keys: [{ ...key, note: 'x' }] }, /field/],
  ['id upper case', { ...data, keys: [{ ...key, id: 'ABCDEF01' }] }, /8 hex digits/],
  ['id short', { ...data, keys: [{ ...key, id: 'abcdef0' }] }, /8 hex digits/],
  ['time missing', { ...data, keys: [{ ...key, created_at: undefined }] }, /created_at/],
  ['time nonsense', { ...data, keys: [{ ...key, created_at: 'yesterday' }] }, /created_at/],
  ['bad state', { ...data, keys: [{ ...key, state: 'old' }] }, /state/],
  ['secret missing', { ...data, keys: [withoutSecret] }, /missing/],
  ['secret empty', { ...data, keys: [{ ...key, secret: '' }] }, /missing/],
  ['secret short', { ...data, keys: [{ ...key, secret: key.secret.slice(0, 22) }] }, /32 bytes/],
  ['secret long', { ...data, keys: [{ ...key, secret: `${key.secret}AA` }] }, /32 bytes/],
  ['secret as padded base64', { ...data, keys: [{ ...key, secret: `${key.secret}=` }] }, /32 bytes/],
  ['secret all zero', { ...data, keys: [{ ...key, secret: 'A'.repeat(43) }] }, /guess/],
  ['secret one byte', { ...data, keys: [{ ...key, secret: Buffer.alloc(32, 1).toString('base64url') }] }, /guess/],
  ['destroyed with secret', { ...data, keys: [key, { ...other, state: 'destroyed' }] }, /destroyed/],
  ['two keys of one id', { ...data, keys: [key, { ...other, id: key.id }] }, /two keys/],
  ['two keys of one secret', { ...data, keys: [key, { ...other, secret: key.secret }] }, /repeats/],
  ['no active key', { ...data, keys: [{ ...key, state: 'retired' }] }, /no active/],
  ['two active keys', { ...data, keys: [key, { ...other, state: 'active' }] }, /more than one active/],
  [
    'two next keys',
    { ...data, keys: [key, { ...other, state: 'next' }, { ...foreign.keys[0], state: 'next' }] },
    /two next/,
  ],
  ['no ledger key', withoutLedger, /ledger/],
  ['ledger key of another', { ...data, ledger: { ...data.ledger, x: foreign.ledger.x } }, /ledger/],
  ['ledger key all zero', { ...data, ledger: { ...data.ledger, d: 'A'.repeat(43) } }, /ledger/],
  ['ledger key of another curve', { ...data, ledger: { ...data.ledger, crv: 'X25519' } }, /ledger/],
  ['an array', [data], /not an object/],
  ['null', null, /not an object/],
]

const texts: [name: string, text: string, says: RegExp][] = [
  ['empty', '', /empty/],
  ['blank', ' \n', /empty/],
  ['cut', formatKeyring(data).slice(0, 150), /not JSON/],
  ['not JSON', `secret=${key.secret}`, /not JSON/],
]

describe('parseKeyring', () => {
  it('reads what formatKeyring writes', () => {
    assert.deepEqual(parseKeyring(formatKeyring(data)), data)
  })

  const cases = [...texts, ...mistakes.map(([name, value, says]) => [name, JSON.stringify(value), says] as const)]
  for (const [name, text, says] of cases) {
    it(`refuses: ${name}`, () => {
      assert.throws(
        () => parseKeyring(text),
        error => {
          assert.ok(error instanceof KeyringError)
          assert.equal(error.reason, 'invalid')
          assert.match(error.message, says)
          const shown = `${error.message}${error.stack}${error.cause}`
          for (const secret of [key.secret, key.secret.slice(0, 10), data.ledger.d, other.secret]) {
            assert.ok(!shown.includes(secret), 'a secret is shown')
          }
          return true
        },
      )
    })
  }
})
