import type { FileHandle } from 'node:fs/promises'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { basename } from 'node:path'
import { TUS_VERSION } from '../../contract/tus.ts'
import { CliError } from '../exit.ts'
import { startHash } from '../hash.ts'
import { openLocal } from '../local-file.ts'
import type { Api } from './api.ts'
import type { Fields } from './fields.ts'
import { type Again, persist } from './persist.ts'
import { RefusedError } from './problem.ts'
import type { Unfinished } from './unfinished.ts'

const UPLOADS = '/api/v1/ops/uploads'
const TUS = { 'tus-resumable': TUS_VERSION }
const CHUNK = 256 * 1024
/** The inspection of a large document takes up to a minute after its last byte, in which nothing is to be heard. */
const PATIENCE = 180_000

/** A file on this machine, ready to be sent. `modified`: milliseconds since 1970. */
export type Local = { path: string; name: string; size: number; modified: number }

/** Looks at a file before anything is sent. Ends the command for what is no plain file. */
export const look = async (path: string): Promise<Local> => {
  const { file, size, modified } = await openLocal(path)
  await file.close()
  return { path, name: basename(path).normalize('NFC'), size, modified }
}

type Upload = {
  api: Api
  local: Local
  unfinished: Unfinished
  onProgress: (bytes: number) => void
  /** Told that the connection broke and when it is tried again. */
  onTrouble: (again: Again) => void
}

/**
 * Sends one file, for nobody to see yet, over tus 1.0, in pieces of 256 KiB, and hashes what it sends. Goes on where an earlier
 * command was cut off, and by itself when the connection breaks. Resolves with the server's File and our SHA-256, which the
 * caller compares; the caller also forgets it, once it is handed over. Rejects with CliError, `usage` when the file changed while it was read.
 */
export const upload = async (wanted: Upload): Promise<{ file: Fields; sha256: string }> => {
  const { api, local, unfinished, onProgress, onTrouble } = wanted
  const { file } = await openLocal(local.path)
  const read = createReading(file, local)
  let path = await unfinished.recall()
  let reached = 0
  try {
    await persist({
      onTrouble,
      progress: () => reached,
      attempt: async () => {
        const at = path === undefined ? undefined : await offsetOf(api, path)
        if (path === undefined || at === undefined) {
          path = await begin(wanted)
          await unfinished.remember(path)
        }
        const from = at ?? 0
        reached = Math.max(reached, from)
        await read.upTo(from)
        if (from < local.size || local.size === 0)
          await append(api, path, from, read, bytes => {
            reached = Math.max(reached, bytes)
            onProgress(bytes)
          })
      },
    })
    const sent = await api.get(`/api/v1/ops/files/${path?.split('/').at(-1)}`)
    return { file: sent, sha256: await read.sha256() }
  } catch (error) {
    // What it said then is final; all else is kept for the same command to go on from.
    if (error instanceof RefusedError && ended.has(error.code)) await unfinished.forget()
    throw error
  } finally {
    await file.close()
  }
}

const ended = new Set(['file_refused', 'invalid_request', 'too_large', 'gone', 'not_found'])

/** Begins an upload; its path. */
const begin = async ({ api, local }: Upload): Promise<string> => {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const answer = await api.open(UPLOADS, {
    method: 'POST',
    expect: [201],
    patience: PATIENCE,
    headers: {
      ...TUS,
      'content-length': '0',
      'upload-length': String(local.size),
      'upload-metadata': `filename ${base64(local.name)},audience ${base64('{}')}`,
    },
  })
  answer.resume()
  const { location = '' } = answer.headers
  if (!location.startsWith(`${UPLOADS}/`)) throw new CliError('unreachable', 'The server began an upload elsewhere.')
  return location
}

/** How much of an upload is safe at the server; undefined when it knows it no more. */
const offsetOf = async (api: Api, path: string): Promise<number | undefined> => {
  const answer = await api.open(path, {
    method: 'HEAD',
    headers: TUS,
    patience: PATIENCE,
    expect: [200, 401, 404, 410],
  })
  answer.resume()
  // A HEAD has no document to read.
  if (answer.statusCode === 401) throw new CliError('sign_in', 'The session has ended. Use: valise login')
  return answer.statusCode === 200 ? lengthOf(answer) : undefined
}

const lengthOf = ({ headers }: IncomingMessage): number => {
  const offset = Number(headers['upload-offset'])
  if (Number.isSafeInteger(offset) && offset >= 0) return offset
  throw new CliError('unreachable', 'The server says of an upload what this program does not understand.')
}

/** Sends all the rest in one request. */
const append = async (
  api: Api,
  path: string,
  from: number,
  read: Reading,
  onProgress: (bytes: number) => void,
): Promise<void> => {
  const answer = await api.open(path, {
    method: 'PATCH',
    expect: [204],
    patience: PATIENCE,
    headers: {
      ...TUS,
      'content-type': 'application/offset+octet-stream',
      'content-length': String(read.size - from),
      'upload-offset': String(from),
    },
    send: async (request, signal) => {
      for await (const { piece, end } of read.pieces(from)) {
        if (signal.aborted || request.destroyed) return
        await write(request, piece, signal)
        onProgress(end)
      }
      request.end()
    },
  })
  answer.resume()
}

type Reading = ReturnType<typeof createReading>

/** Exactly the bytes that were announced: a file that somebody is still saving must not be sent by halves. */
const createReading = (file: FileHandle, { path, size }: Local) => {
  const hash = startHash()
  let hashed = 0
  async function* pieces(from: number) {
    for (let position = from; position < size; ) {
      const into = Buffer.allocUnsafe(Math.min(CHUNK, size - position))
      const { bytesRead } = await file.read(into, 0, undefined, position)
      if (bytesRead === 0) throw changed(path)
      const piece = into.subarray(0, bytesRead)
      // Each byte once, however often it is sent.
      if (position <= hashed && position + bytesRead > hashed) {
        hash.update(piece.subarray(hashed - position))
        hashed = position + bytesRead
      }
      position += bytesRead
      yield { piece, end: position }
    }
    if ((await file.stat()).size !== size) throw changed(path)
  }
  /** Hashes what need not be sent any more. */
  const upTo = async (position: number): Promise<void> => {
    if (hashed >= position) return
    for await (const { end } of pieces(hashed)) if (end >= position) return
  }
  return {
    size,
    pieces,
    upTo,
    sha256: async (): Promise<string> => {
      await upTo(size)
      return hash.hex()
    },
  }
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
