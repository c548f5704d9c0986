import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { commitment, isCommitment, leafOf } from './leaf.ts'

test('RFC 6962: the leaf of an empty entry', () => {
  // First leaf of the certificate-transparency test vectors, also in ledger.md's tree of eight.
  assert.equal(leafOf('').toString('hex'), '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d')
})

test('a leaf hashes the UTF-8 of the entry behind one zero byte', () => {
  const expected = createHash('sha256').update(Buffer.of(0)).update('{"name":"é😀"}', 'utf8').digest()
  assert.deepEqual(leafOf('{"name":"é😀"}'), expected)
})

test('a commitment is SHA-256 of salt and value, base64url', () => {
  const salt = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex')
  const expected = createHash('sha256').update(salt).update('"Ana Gómez"', 'utf8').digest('base64url')
  assert.equal(commitment(salt, '"Ana Gómez"'), expected)
  assert.notEqual(commitment(Buffer.alloc(16), '"Ana Gómez"'), expected)
})

test('a salt of another length is a bug', () => {
  for (const length of [0, 15, 17, 32]) assert.throws(() => commitment(Buffer.alloc(length), '""'), TypeError)
})

test('every commitment has the shape; ids and hex digests have not', () => {
  for (let i = 0; i < 200; i++) assert.ok(isCommitment(commitment(randomBytes(16), '""')))
  assert.ok(!isCommitment(randomBytes(16).toString('base64url')))
  assert.ok(!isCommitment(randomBytes(32).toString('hex')))
  assert.ok(!isCommitment(`${'A'.repeat(42)}B`), 'an alias of 32 zero bytes')
})
