import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { startServer } from '../../server.ts'
import { enlist, linkTo } from '../gauntlet/cast.ts'
import { idOf, UPLOADS } from './tus.ts'

export const LIMIT = 8 * 1024 * 1024

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** For Clara. */
export const report = { filename: 'Report.docx', audience: JSON.stringify({ clients: ['clara@customer.example'] }) }

/** A server on a clock of its own, an administrator and a client, and looks at what uploads leave there. */
export const openWorld = async (dataDir?: string) => {
  // `ticking`: goes on by itself, fast. Then a request that writes makes what has arrived durable with each chunk.
  const clock = { now: Date.now(), ticking: false }
  const server = await startServer({
    dataDir,
    env: { VALISE_MAX_UPLOAD: '8MiB' },
    now: () => {
      if (clock.ticking) clock.now += 2001
      return clock.now
    },
  })
  const ada = await enlist(server, 'ops', 'ada@firm.example', { admin: true })
  const clara = await enlist(server, 'client', 'clara@customer.example')

  const stored = (part: 'tmp' | 'blobs'): number =>
    readdirSync(join(server.dataDir, part), { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
      .length

  return {
    server,
    ada,
    clara,
    clock,
    /** How many of everything there are. */
    left: async () => ({
      uploads: (await server.db.read.selectFrom('uploads').select('id').execute()).length,
      removals: (await server.db.read.selectFrom('blob_removals').select('blob').execute()).length,
      files: (await server.db.read.selectFrom('files').select('id').execute()).length,
      tmp: stored('tmp'),
      blobs: stored('blobs'),
    }),
    /** What its recipient gets is what was sent. */
    arrivedAs: async (path: string, bytes: Uint8Array): Promise<void> => {
      const file = await ada.client.get(`/api/v1/ops/files/${idOf(path)}`)
      assert.equal(file.status, 200, file.text)
      assert.deepEqual([file.body.size, file.body.sha256], [bytes.length, sha256(bytes)])
      const download = await clara.client.get(await linkTo(clara.client, idOf(path)))
      assert.ok(Buffer.from(bytes).equals(download.body), 'the bytes')
    },
    /** Until that much of an upload is durable while a request sends more; the clock must be ticking. */
    keptUpTo: async (path: string, offset: number): Promise<void> => {
      for (;;) {
        const { body } = await ada.client.get(UPLOADS)
        const upload = body.items.find(({ id }: { id: string }) => id === idOf(path))
        if (upload.offset >= offset) break
      }
      clock.ticking = false
    },
    /** Until a first request has begun to write. */
    isWriting: async (path: string): Promise<void> => {
      const epochOf = () =>
        server.db.read.selectFrom('uploads').select('epoch').where('id', '=', idOf(path)).executeTakeFirst()
      while ((await epochOf())?.epoch === 0) await new Promise(resolve => setImmediate(resolve))
    },
  }
}

export type World = Awaited<ReturnType<typeof openWorld>>
