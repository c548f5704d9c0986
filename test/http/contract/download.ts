import assert from 'node:assert/strict'
import { makeOffice } from '../../office.ts'
import { rawGet } from '../gauntlet/answers.ts'
import { refusedWith, type World } from './world.ts'

/** What the contract says of the one route that gives out a file. */
export const downloadsKeepTheContract = async (w: World): Promise<void> => {
  const path = await w.link()
  const clara = w.client.client
  const plain = makeOffice({ type: 'docx', text: 'A.docx' })
  const from = (headers: Record<string, string>, method = 'GET') => clara.request(path, { method, headers })
  const whole = await from({})
  assert.equal(whole.status, 200)
  assert.deepEqual(whole.body, plain)
  const etag = whole.headers.get('etag') ?? ''
  assert.match(etag, /^"[0-9a-f]{64}"$/)
  const expected = {
    'content-type': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'content-length': String(plain.length),
    'accept-ranges': 'bytes',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  }
  for (const answer of [whole, await from({}, 'HEAD')]) {
    for (const [name, value] of Object.entries(expected)) assert.equal(answer.headers.get(name), value, name)
    assert.match(answer.headers.get('content-disposition') ?? '', /^attachment; filename="A\.docx"/)
    assert.match(answer.headers.get('content-security-policy') ?? '', /\bsandbox\b/)
  }
  const ranges: [string, number, string | null, Record<string, string>][] = [
    ['one range', 206, `bytes 0-9/${plain.length}`, { range: 'bytes=0-9' }],
    ['the end', 206, `bytes ${plain.length - 5}-${plain.length - 1}/${plain.length}`, { range: 'bytes=-5' }],
    ['if it is still the same', 206, `bytes 1-2/${plain.length}`, { range: 'bytes=1-2', 'if-range': etag }],
    ['if it were another', 200, null, { range: 'bytes=1-2', 'if-range': '"other"' }],
    ['several', 200, null, { range: 'bytes=0-1,3-4' }],
    ['another unit', 200, null, { range: 'lines=1-2' }],
  ]
  for (const [what, status, range, headers] of ranges) {
    const answer = await from(headers)
    assert.deepEqual([answer.status, answer.headers.get('content-range')], [status, range], what)
    const [, first, last] = /bytes (\d+)-(\d+)/.exec(range ?? '') ?? []
    assert.deepEqual(answer.body, first === undefined ? plain : plain.subarray(Number(first), Number(last) + 1), what)
  }
  const same = await from({ 'if-none-match': etag })
  assert.deepEqual([same.status, same.text, same.headers.get('etag')], [304, '', etag])
  const beyond = await from({ range: 'bytes=9999999-' })
  refusedWith(beyond, 416, 'range_not_satisfiable', 'beyond the end')
  assert.equal(beyond.headers.get('content-range'), `bytes */${plain.length}`)

  refusedWith(await w.nobody.get(path), 401, 'unauthenticated', 'nobody')
  refusedWith(await w.nobody.get('/download/nonsense'), 401, 'unauthenticated', 'nobody, before the token is looked at')
  const browser = await rawGet(w.server, path, { 'sec-fetch-mode': 'navigate' })
  assert.deepEqual([browser.status, browser.headers.get('location'), browser.text], [303, `/sign-in#${path}`, ''])
  const bad = await clara.get('/download/nonsense')
  refusedWith(bad, 404, 'not_found', 'no token')
  for (const [who, at] of [
    [w.other.client, path],
    [w.admin.client, path],
    [clara, `${path.slice(0, -1)}`],
    [clara, `${path}/more`],
    [clara, '/download/%ff'],
    [clara, `/download/${'a'.repeat(3000)}`],
  ] as const) {
    const answer = await who.get(at)
    refusedWith(answer, 404, 'not_found', at)
    assert.equal(answer.text, bad.text, 'one identical 404')
  }
  refusedWith(await from({ 'sec-purpose': 'prefetch' }), 503, 'unavailable', 'in advance')
  const cookie = `valise-client=${w.client.token}`
  refusedWith(await from({ cookie }), 400, 'invalid_request', 'two credentials')
  assert.equal((await w.nobody.get(path, { headers: { cookie } })).status, 200, 'by cookie')
}
