import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { SEGMENT_PLAIN_LENGTH, segmentCount, segmentsCovering } from '../crypto/segments.ts'
import { createReads } from './reads.ts'
import { firstCount, type Sending, send } from './stream.ts'

type T = { after: (fn: () => void) => void }
type Setting = { size: number; first?: number; last?: number; failAt?: number; allowed?: number }

/** Byte `i` of the file: tells every place in a segment, and one segment from the next. */
const byteAt = (i: number) => (i + Math.floor(i / SEGMENT_PLAIN_LENGTH)) % 251

const contentOf = (size: number, failAt: number) => ({
  size,
  segments: segmentCount(size),
  close: async () => {},
  read: async (first: number, count: number) => {
    if (first + count > failAt) throw new Error('this segment cannot be read')
    return Array.from({ length: count }, (_, i) => {
      const from = (first + i) * SEGMENT_PLAIN_LENGTH
      const piece = Buffer.allocUnsafeSlow(Math.min(SEGMENT_PLAIN_LENGTH, size - from))
      for (let at = 0; at < piece.length; at++) piece[at] = byteAt(from + at)
      return piece
    })
  },
})

/** Sends to a real client over a real socket. */
const open = async (t: T, { size, first = 0, last = size - 1, failAt = 1e9, allowed = 1e12 }: Setting) => {
  const content = contentOf(size, failAt)
  const reads = createReads()
  const started = Promise.withResolvers<Sending>()
  const server = createServer(async (asked, response) => {
    response.writeHead(206, { 'content-length': last - first + 1 })
    const opened = await reads.read(content, segmentsCovering(first, last).first, firstCount(first, last))
    const permit = async (bytes: number, handed: number) => Math.min(bytes, allowed - handed)
    const meter = { permit, unsent: () => 0 }
    const streams = () => 1
    started.resolve(send({ response, socket: asked.socket, content, reads, meter, first, last, opened, streams }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ port, host: '127.0.0.1', agent: false }, resolve).on('error', reject).end()
  })
  return { response, sending: await started.promise }
}

const drain = async (response: IncomingMessage) => {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of response) chunks.push(chunk)
  } catch {
    // Broken off: `complete` says so.
  }
  return { body: Buffer.concat(chunks), complete: response.complete }
}

const ranges = [
  [0, 0],
  [0, 65_503],
  [65_503, 65_504],
  [65_504, 65_504],
  [100_000, 2_999_999],
  [0, 2_999_999],
  [2_999_999, 2_999_999],
] as const
for (const [first, last] of ranges) {
  test(`bytes ${first} to ${last} arrive as they are`, async t => {
    const { response, sending } = await open(t, { size: 3_000_000, first, last })
    const { body, complete } = await drain(response)
    assert.equal(complete, true)
    assert.equal(body.length, last - first + 1)
    assert.ok(body.every((byte, i) => byte === byteAt(first + i)))
    assert.deepEqual(await sending.done, { reason: 'complete', error: undefined })
    assert.deepEqual(sending.sent(), [first, last + 1])
  })
}

/** Resolves when the client's silence has filled every buffer on the way. */
const stalled = async (sending: Sending) => {
  let before = -1
  for (let same = 0; same < 200; same = sending.handed() === before ? same + 1 : 0) {
    before = sending.handed()
    await new Promise(resolve => setImmediate(resolve))
  }
}

test('what the socket has not taken does not count', async t => {
  const { response, sending } = await open(t, { size: 40_000_000 })
  await stalled(sending)
  response.destroy()
  assert.equal((await sending.done).reason, 'interrupted')
  const [, to] = sending.sent()
  assert.ok(to > 0 && to < sending.handed(), `${to} of ${sending.handed()}`)
  assert.ok(sending.handed() - to <= 1024 * 1024, 'a stalled client holds a mebibyte at most')
})

test('a stream that is stopped ends at once and looks broken', async t => {
  const { response, sending } = await open(t, { size: 40_000_000 })
  await stalled(sending)
  const before = sending.sent()
  sending.stop('withdrawn')
  assert.equal((await sending.done).reason, 'withdrawn')
  await stalled(sending)
  assert.deepEqual(sending.sent(), before)
  const { body, complete } = await drain(response)
  assert.equal(complete, false)
  assert.ok(body.length < 40_000_000)
})

test('a read that fails ends the connection before any byte of it', async t => {
  const { response, sending } = await open(t, { size: 3_000_000, failAt: 20 })
  const { body, complete } = await drain(response)
  assert.equal(complete, false)
  assert.ok(body.length <= 20 * SEGMENT_PLAIN_LENGTH)
  const { reason, error } = await sending.done
  assert.equal(reason, 'failed')
  assert.ok(error instanceof Error)
})

test('not a byte goes beyond what is permitted', async t => {
  const { response, sending } = await open(t, { size: 3_000_000, allowed: 1_000_001 })
  const { body, complete } = await drain(response)
  assert.equal(complete, false)
  assert.ok(body.length <= 1_000_001)
  assert.equal(sending.handed(), 1_000_001)
  assert.equal((await sending.done).reason, 'exhausted')
})
