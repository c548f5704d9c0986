import assert from 'node:assert/strict'
import { createServer, request as httpRequest, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { DetailedError, Upload, type UploadOptions } from 'tus-js-client'
import { makeOffice } from '../../office.ts'
import { idOf, UPLOADS } from './tus.ts'
import { openWorld, report, sha256, type World } from './uploads-world.ts'

let w: World
let proxy: Awaited<ReturnType<typeof startProxy>>
before(async () => {
  w = await openWorld()
  proxy = await startProxy(w.server.url)
})
after(async () => {
  await proxy.stop()
  await w.server.stop()
})

/**
 * A proxy that hands on what comes as it comes, as nginx does with `proxy_request_buffering off`, and cuts a connection after so
 * many bytes of a body.
 */
const startProxy = async (target: string) => {
  const cuts: number[] = []
  const seen: string[] = []
  const sockets = new Set<Socket>()
  const server: Server = createServer((request, response) => {
    const onward = httpRequest(new URL(request.url ?? '/', target), {
      method: request.method,
      headers: { ...request.headers, host: new URL(target).host },
    })
    seen.push(request.method ?? '')
    onward.on('response', answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => request.socket.destroy())
    response.on('close', () => onward.destroy())
    const cut = request.method === 'PATCH' ? cuts.shift() : undefined
    let passed = 0
    request.on('data', (chunk: Buffer) => {
      passed += chunk.length
      if (cut === undefined || passed < cut) return
      request.socket.destroy()
      onward.destroy()
    })
    request.pipe(onward)
  })
  server.on('connection', socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    cuts,
    seen,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

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
  proxy.cuts.push(100_000, 700_000, 1_300_000, 20_000)
  proxy.seen.length = 0
  const progress: number[] = []
  const { done } = send(bytes, { onChunkComplete: size => progress.push(size) })
  await w.arrivedAs(new URL(await done).pathname, bytes)
  assert.equal(proxy.seen.filter(method => method === 'PATCH').length, 5)
  assert.equal(proxy.seen.filter(method => method === 'HEAD').length, 4)
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
  assert.deepEqual(proxy.seen, ['POST', 'PATCH'])
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
