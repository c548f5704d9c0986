import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { describe, it } from 'node:test'
import { CompactEncrypt, compactDecrypt } from 'jose'
import { openCompact, sealCompact } from './jwe.ts'
import { systemRandom } from './random.ts'

const link = { id: '00c0ffee', key: createSecretKey(systemRandom(32)) }
const keyById = (kid: string) => (kid === link.id ? link.key : undefined)
const payload = systemRandom(48)
const token = sealCompact(link, payload, systemRandom)
const byJose = (header: Record<string, string>, bytes: Uint8Array) =>
  new CompactEncrypt(bytes).setProtectedHeader({ alg: 'dir', enc: 'A256GCM', ...header }).encrypt(link.key)
const encode = (text: string) => Buffer.from(text).toString('base64url')

describe('a compact JWE', () => {
  it('opens again', () => {
    assert.deepEqual(openCompact(token, keyById), payload)
    assert.equal(token.length, 168)
  })

  it('of ours is opened by jose, and of jose by us', async () => {
    for (const length of [1, 2, 3, 48, 200]) {
      const bytes = systemRandom(length)
      const ours = await compactDecrypt(sealCompact(link, bytes, systemRandom), link.key)
      assert.deepEqual(Buffer.from(ours.plaintext), bytes)
      assert.deepEqual(ours.protectedHeader, { alg: 'dir', enc: 'A256GCM', kid: link.id })
      assert.deepEqual(openCompact(await byJose({ kid: link.id }, bytes), keyById), bytes)
    }
  })

  it('is refused after any bit flip', () => {
    for (let at = 0; at < token.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const flipped = String.fromCharCode(token.charCodeAt(at) ^ (1 << bit))
        const forged = token.slice(0, at) + flipped + token.slice(at + 1)
        assert.equal(
          openCompact(forged, () => link.key),
          undefined,
          `character ${at}, bit ${bit}`,
        )
      }
    }
  })

  it('is refused at any other length', () => {
    for (let length = 0; length < token.length; length++) {
      assert.equal(openCompact(token.slice(0, length), keyById), undefined)
    }
    for (const more of ['A', '=', '.', '..', '.A', ' ', '\n', '\0', token]) {
      assert.equal(openCompact(token + more, keyById), undefined)
      assert.equal(openCompact(more + token, keyById), undefined)
    }
  })

  it('is refused under another key, or when its key is unknown', () => {
    assert.equal(
      openCompact(token, () => undefined),
      undefined,
    )
    assert.equal(
      openCompact(token, () => createSecretKey(Buffer.alloc(32))),
      undefined,
    )
  })

  it('is refused with any other header, though jose accepts it', async () => {
    const others: Record<string, string>[] = [
      {},
      { kid: '00C0FFEE' },
      { kid: link.id, typ: 'JWE' },
      { kid: link.id, zip: 'DEF' },
      { kid: link.id, jku: 'https://attacker.example/' },
    ]
    for (const header of others) {
      const foreign = await byJose(header, payload)
      assert.equal(
        openCompact(foreign, () => link.key),
        undefined,
        JSON.stringify(header),
      )
    }
    const [, ...rest] = token.split('.')
    for (const header of ['{"enc":"A256GCM","alg":"dir","kid":"00c0ffee"}', '{ }', '{"alg":"none"}', '']) {
      assert.equal(
        openCompact([encode(header), ...rest].join('.'), () => link.key),
        undefined,
      )
    }
  })

  it('is refused with a key part, or a second spelling of a part', () => {
    const [header, , iv, sealed, tag] = token.split('.')
    assert.equal(openCompact([header, 'AA', iv, sealed, tag].join('.'), keyById), undefined)
    // The tag's last character carries four unused bits: all sixteen decode alike.
    const aliases = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].filter(last => {
      return openCompact([header, '', iv, sealed, `${tag?.slice(0, -1)}${last}`].join('.'), keyById) !== undefined
    })
    assert.equal(aliases.length, 1)
  })

  it('refuses a short tag', () => {
    const [header, , iv, sealed, tag] = token.split('.')
    const short = Buffer.from(tag ?? '', 'base64url')
      .subarray(0, 4)
      .toString('base64url')
    assert.equal(openCompact([header, '', iv, sealed, short].join('.'), keyById), undefined)
  })

  it('is neither made nor read above 512 characters', async () => {
    assert.throws(() => sealCompact(link, Buffer.alloc(400), systemRandom), RangeError)
    assert.throws(() => sealCompact(link, Buffer.alloc(0), systemRandom), RangeError)
    assert.equal(openCompact(await byJose({ kid: link.id }, Buffer.alloc(400)), keyById), undefined)
  })
})
