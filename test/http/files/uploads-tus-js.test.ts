import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DetailedError, Upload, type UploadOptions } from 'tus-js-client'
import { startCuttingProxy } from '../../cutting-proxy.ts'
import { makeOffice } from '../../office.ts'
import { idOf, UPLOADS } from './tus.ts'
import { openWorld, report, sha256, type World } from './uploads-world.ts'

let w: World
let proxy: Awaited<ReturnType<typeof startCuttingProxy>>
before(async () => {
  w = await openWorld()
  proxy = await startCuttingProxy(w.server.url)
})
after(async () => {
  await proxy.stop()
  await w.server.stop()
})

const send = (bytes: Buffer, options: UploadOptions = {}) => {
  let upload: Upload | undefined
  const done = new Promise<string>((resolve, reject) => {
    upload = new Upload(bytes, {
      endpoint: `${proxy.url}${UPLOADS}`,
      headers: { Authorization: `Bearer ${w.ada.token}` },
      metadata: report,
      retryDelays: [0, 0, 0, 0, 0],
      onError: reject,
      onSuccess: () => resolve(upload?.url ?? ''),
      ...options,
    })
    upload.start()
  })
  return { done, upload }
}

for (const [what, chunkSize] of [
  ['in one request', Number.POSITIVE_INFINITY],
  ['in chunks', 300_001],
  ['in chunks smaller than a segment', 50_000],
] as const) {
  test(`tus-js-client sends a document ${what}`, async () => {
    const bytes = makeOffice({ type: 'docx', padTo: 1_500_000 })
    const url = await send(bytes, { chunkSize, metadata: { ...report, sha256: sha256(bytes) } }).done
    await w.arrivedAs(new URL(url).pathname, bytes)
  })
}

test('its connection is cut four times in the middle: it goes on each time', async () => {
  const bytes = makeOffice({ type: 'docx', padTo: 4_000_000 })
  proxy.cuts.push(...[100_000, 700_000, 1_300_000, 20_000].map(after => ({ after, how: 'cut' as const })))
  proxy.seen.length = 0
  const progress: number[] = []
  const { done } = send(bytes, { onChunkComplete: size => progress.push(size) })
  await w.arrivedAs(new URL(await done).pathname, bytes)
  assert.equal(proxy.seen.filter(({ method }) => method === 'PATCH').length, 5)
  assert.equal(proxy.seen.filter(({ method }) => method === 'HEAD').length, 4)
})

test('it is refused with findings and does not try again', async () => {
  const bytes = makeOffice({ type: 'docx', extraParts: { 'word/vbaProject.bin': Buffer.alloc(1000, 7) } })
  proxy.seen.length = 0
  await assert.rejects(send(bytes).done, error => {
    assert.ok(error instanceof DetailedError)
    assert.equal(error.originalResponse?.getStatus(), 422)
    const problem = JSON.parse(error.originalResponse?.getBody() ?? '')
    assert.equal(problem.code, 'file_refused')
    assert.ok(problem.findings.length > 0)
    return true
  })
  assert.deepEqual(
    proxy.seen.map(({ method }) => method),
    ['POST', 'PATCH'],
  )
})

test('it is aborted and nothing is left', async () => {
  const before = await w.left()
  const bytes = makeOffice({ type: 'docx', padTo: 1_000_000 })
  const begun = Promise.withResolvers<void>()
  const { upload } = send(bytes, { chunkSize: 200_000, onChunkComplete: () => begun.resolve() })
  await begun.promise
  await upload?.abort(true)
  const path = new URL(upload?.url ?? '').pathname
  const row = await w.server.db.read
    .selectFrom('uploads')
    .select('ended')
    .where('id', '=', idOf(path))
    .executeTakeFirst()
  assert.equal(row?.ended, 'terminated')
  assert.deepEqual(await w.left(), { ...before, uploads: before.uploads + 1 })
})
