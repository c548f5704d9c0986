import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { passing } from '../memory.ts'

/** Where clamd listens: `unix:/run/clamav/clamd.ctl` or `tcp://host:3310`. */
export type ClamdAddress = { path: string } | { host: string; port: number }

/** Nothing is known about the bytes: no scanner there, or it took too long. */
export class ScanUnavailable extends Error {
  constructor(reason: string, cause?: unknown) {
    super(reason, { cause })
    this.name = 'ScanUnavailable'
  }
}

/** They were more than the scanner looks at. */
export class OverLimit extends ScanUnavailable {
  constructor(limit: string) {
    super(`the file is beyond a limit of the scanner (${limit.slice(0, 100)})`)
    this.name = 'OverLimit'
  }
}

/** The name of what was found; undefined for nothing. */
export type Signature = string | undefined

export type ClamdOptions = {
  address: ClamdAddress
  /** Milliseconds without a byte in either direction. clamd itself ends a scan after two minutes, by default. */
  silence?: number
}

/** Both come instead of a verdict, once a limit of clamd was passed; the first with `AlertExceedsMax yes`. */
const OVER_LIMIT = 'Heuristics.Limits.Exceeded'
const OVER_STREAM = 'INSTREAM size limit exceeded'

/**
 * One scan by clamd's INSTREAM (clamd(8)): chunks of a 4-byte big-endian length and as many bytes, a length of zero at the end.
 * Rejects with ScanUnavailable, with what `chunks` throws, or with the signal's reason.
 */
export const scanStream = async (
  { address, silence = 150_000 }: ClamdOptions,
  chunks: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<Signature> => {
  signal?.throwIfAborted()
  const socket = connect({ ...address, timeout: silence })
  const aborted = () => socket.destroy()
  signal?.addEventListener('abort', aborted)
  socket.on('timeout', () => socket.destroy(new ScanUnavailable(`nothing was heard for ${silence / 1000} s`)))
  // What fails while nobody waits for it is seen by whoever waits next.
  const failed = new Promise<never>((_, reject) => socket.once('error', reject))
  failed.catch(() => {})
  const reply = text(socket)
  reply.catch(() => {})
  try {
    await send(socket, chunks, failed, reply)
    return verdictOf(await reply)
  } catch (error) {
    signal?.throwIfAborted()
    if (!isSocketError(error)) throw error
    throw new ScanUnavailable('it could not be reached, or went away', error)
  } finally {
    signal?.removeEventListener('abort', aborted)
    socket.destroy()
  }
}

const send = async (
  socket: Socket,
  chunks: AsyncIterable<Uint8Array>,
  failed: Promise<never>,
  reply: Promise<string>,
): Promise<void> => {
  // clamd answers early, and hangs up, when it has seen more than it takes.
  const state = { answered: false }
  const answered = reply.then(() => {
    state.answered = true
  })
  answered.catch(() => {})
  const write = (bytes: Uint8Array): Promise<void> | undefined =>
    socket.write(bytes)
      ? undefined
      : Promise.race([new Promise<void>(done => socket.once('drain', done)), answered, failed])
  await write(Buffer.from('zINSTREAM\0'))
  for await (const chunk of chunks) {
    if (state.answered) return
    if (chunk.length === 0) continue
    const length = Buffer.alloc(4)
    length.writeUInt32BE(chunk.length)
    await write(length)
    await write(chunk)
    passing(chunk.length)
  }
  await write(Buffer.alloc(4))
}

const isSocketError = (error: unknown): boolean => error instanceof Error && 'syscall' in error && 'code' in error

const verdictOf = (reply: string): Signature => {
  const answer = reply.replace(/\0$/, '')
  if (answer === 'stream: OK') return undefined
  const [, found] = /^stream: (.+) FOUND$/.exec(answer) ?? []
  if (found?.startsWith(OVER_LIMIT) || answer.startsWith(OVER_STREAM)) throw new OverLimit(found ?? OVER_STREAM)
  if (found !== undefined) return found
  throw new ScanUnavailable(answer === '' ? 'it hung up without an answer' : `it answered "${answer.slice(0, 100)}"`)
}
