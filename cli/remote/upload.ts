import type { FileHandle } from 'node:fs/promises'
import type { ClientRequest } from 'node:http'
import { basename } from 'node:path'
import type { Audience } from '../../contract/files.ts'
import { newId, systemRandom } from '../../server/crypto/random.ts'
import { CliError } from '../exit.ts'
import { startHash } from '../hash.ts'
import { openLocal } from '../local-file.ts'
import type { Api } from './api.ts'
import type { Fields } from './fields.ts'

const CHUNK = 256 * 1024
/** The inspection of a large document takes up to a minute after its last byte, in which nothing is to be heard. */
const PATIENCE = 180_000

/** A file on this machine, ready to be sent. */
export type Local = { path: string; name: string; size: number }

/** Looks at a file before anything is sent. Ends the command for what is no plain file. */
export const look = async (path: string): Promise<Local> => {
  const { file, size } = await openLocal(path)
  await file.close()
  return { path, name: basename(path).normalize('NFC'), size }
}

type Upload = { api: Api; local: Local; audience: Audience; onProgress: (bytes: number) => void }

/**
 * Sends one file with its audience, in pieces of 256 KiB, and hashes what it sends. Resolves with the server's File and our
 * SHA-256, which the caller compares. Rejects with CliError, `usage` when the file changed while it was read.
 */
export const upload = async ({
  api,
  local,
  audience,
  onProgress,
}: Upload): Promise<{ file: Fields; sha256: string }> => {
  const boundary = `valise-${newId(systemRandom)}`
  const head = Buffer.from(
    [
      `--${boundary}`,
      'Content-Disposition: form-data; name="audience"',
      '',
      JSON.stringify(audience),
      `--${boundary}`,
      `Content-Disposition: form-data; name="file"; filename="${escapeName(local.name)}"`,
      'Content-Type: application/octet-stream',
      '',
      '',
    ].join('\r\n'),
  )
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`)
  const hash = startHash()
  const { file } = await openLocal(local.path)
  try {
    const answer = await api.json('/api/v1/ops/files', {
      method: 'POST',
      expect: [201],
      patience: PATIENCE,
      headers: {
        'content-type': `multipart/form-data; boundary=${boundary}`,
        'content-length': String(head.length + local.size + tail.length),
      },
      send: async (request, signal) => {
        await write(request, head, signal)
        let sent = 0
        for await (const piece of pieces(file, local)) {
          if (signal.aborted) return
          hash.update(piece)
          await write(request, piece, signal)
          sent += piece.length
          onProgress(sent)
        }
        request.end(tail)
      },
    })
    return { file: answer, sha256: hash.hex() }
  } finally {
    await file.close()
  }
}

/** Exactly the bytes that were announced: a file that somebody is still saving must not be sent by halves. */
async function* pieces(file: FileHandle, { path, size }: Local): AsyncGenerator<Buffer> {
  for (let position = 0; position < size; ) {
    const { buffer, bytesRead } = await file.read(
      Buffer.allocUnsafe(Math.min(CHUNK, size - position)),
      0,
      undefined,
      position,
    )
    if (bytesRead === 0) throw changed(path)
    position += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
  if ((await file.stat()).size !== size) throw changed(path)
}

const changed = (path: string) =>
  new CliError('usage', `${path} changed while it was being sent. Close it and try again.`)

/** Resolves when the piece is on its way, the connection gone, or the answer there. */
const write = (request: ClientRequest, piece: Buffer, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    if (signal.aborted || request.destroyed || request.write(piece)) return resolve()
    const go = () => {
      request.off('drain', go)
      request.off('close', go)
      signal.removeEventListener('abort', go)
      resolve()
    }
    request.on('drain', go)
    request.on('close', go)
    signal.addEventListener('abort', go)
  })

/** As browsers do it (WHATWG HTML, multipart/form-data encoding algorithm). */
const escapeName = (name: string): string => name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
