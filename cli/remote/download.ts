import { constants } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { CliError } from '../exit.ts'
import { startHash } from '../hash.ts'
import { unwritable } from '../local-file.ts'
import { clean } from '../terminal.ts'
import type { Api } from './api.ts'
import { asUnreachable } from './exchange.ts'
import { textOf } from './fields.ts'
import type { RemoteFile } from './files.ts'

/** Broken connections in a row without a single byte, before giving up. */
const FRUITLESS = 4
const PIECE = 1 << 20

type Download = { api: Api; server: string; file: RemoteFile; part: string; onProgress: (bytes: number) => void }

/**
 * Fetches a file into `part`, going on where an earlier attempt ended, and compares its SHA-256 with what the server says
 * of the file. Resolves when the bytes are all there, right and durable. A connection that breaks is taken up again; what
 * was received stays in `part` when the command ends. CliError `refused`, with `part` gone, when the bytes are wrong.
 */
export const download = async (wanted: Download): Promise<void> => {
  const { file, part } = wanted
  const handle = await openPart(part)
  try {
    // What an earlier attempt left may have been spoiled since: then it is the beginning that is wrong, not the server.
    const resumed = (await handle.stat()).size > 0
    let sha256 = await fetchInto(handle, wanted)
    if (sha256 !== file.sha256 && resumed) {
      await handle.truncate(0)
      sha256 = await fetchInto(handle, wanted)
    }
    if (sha256 !== file.sha256) {
      await rm(part, { force: true })
      throw new CliError(
        'refused',
        `What arrived is not ${clean(file.name)}: its SHA-256 is another. Nothing of it was kept.`,
      )
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Receives what is missing and gives the SHA-256 of the whole, 64 hex digits. */
const fetchInto = async (handle: FileHandle, { api, server, file, part, onProgress }: Download): Promise<string> => {
  const hash = startHash()
  let done = await takeUp(handle, file.size, hash.update)
  onProgress(done)
  for (let fruitless = 0; done < file.size; ) {
    const before = done
    try {
      for await (const piece of receive({ api, server, file, from: done })) {
        const bytes = piece.subarray(0, file.size - done)
        await writeAll(handle, bytes, done, part)
        hash.update(bytes)
        done += bytes.length
        onProgress(done)
      }
    } catch (error) {
      fruitless = done > before ? 0 : fruitless + 1
      const why = asUnreachable(error, new URL(server))
      if (!(why instanceof CliError) || why.exit !== 'unreachable' || fruitless >= FRUITLESS) throw why
      await pause(500 * 2 ** fruitless)
    }
  }
  return hash.hex()
}

/** Only this user may read it; a link planted in its place is not followed. */
const openPart = async (path: string): Promise<FileHandle> => {
  try {
    return await open(path, constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o600)
  } catch (error) {
    throw unwritable(path, error)
  }
}

/** Feeds what an earlier attempt left to the hash; gives its length. More than the file has is from something else. */
const takeUp = async (handle: FileHandle, size: number, update: (bytes: Uint8Array) => void): Promise<number> => {
  if ((await handle.stat()).size > size) await handle.truncate(0)
  const buffer = Buffer.allocUnsafe(PIECE)
  for (let done = 0; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, PIECE, done)
    if (bytesRead === 0) return done
    update(buffer.subarray(0, bytesRead))
    done += bytesRead
  }
}

const writeAll = async (handle: FileHandle, bytes: Buffer, position: number, path: string): Promise<void> => {
  try {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done)
      done += bytesWritten
    }
  } catch (error) {
    throw unwritable(path, error)
  }
}

type Receiving = { api: Api; server: string; file: RemoteFile; from: number }

/** The file's bytes from `from` on, over a link of its own: one that a broken connection outlived may have expired. */
async function* receive({ api, server, file, from }: Receiving): AsyncGenerator<Buffer> {
  const issued = await api.post(`/api/v1/client/files/${file.id}/link`, {})
  const link = URL.parse(textOf(issued, 'download_link'))
  if (link?.origin !== new URL(server).origin) {
    throw new CliError(
      'usage',
      `The link leads to ${link?.origin ?? 'nowhere'}, not to ${server}. Sign in there: valise login --server …`,
    )
  }
  const etag = `"${file.sha256}"`
  const answer = await api.open(link.pathname, {
    method: 'GET',
    expect: [200, 206],
    headers: from === 0 ? {} : { range: `bytes=${from}-`, 'if-range': etag },
  })
  const start = startOf(answer)
  if (start !== from || answer.headers.etag !== etag) {
    answer.destroy()
    throw new CliError('refused', 'The server sent another version of the file than it listed. Try again.')
  }
  for await (const piece of answer) if (Buffer.isBuffer(piece)) yield piece
  if (!answer.complete) throw new Error('it ended too early')
}

/** The position of the first byte of an answer. */
const startOf = ({ statusCode, headers }: IncomingMessage): number =>
  statusCode === 200 ? 0 : Number(/^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1] ?? Number.NaN)
