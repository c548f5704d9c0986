import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { Busboy, type BusboyFileStream } from '@fastify/busboy'
import { AppError, invalid } from '../errors.ts'

/** Longest text of the `audience` part: a thousand groups and a thousand addresses. */
const AUDIENCE_LIMIT = 512 * 1024

type Form<T> = { file: T; audience: string | undefined }

type Receiving<T> = {
  /** Bytes of plaintext; one more is 413. */
  maxFile: number
  /** Bytes of the whole form, whatever it announces: text around the parts is no part's and has no limit of its own. */
  maxForm: number
  /** Takes the file as it arrives. What it resolves with may only be kept once the whole form has been received. */
  onFile: (name: string, stream: Readable) => Promise<T>
  /** Undoes `onFile` when something after it fails. */
  onDiscard: (taken: T) => Promise<void>
}

/**
 * Reads the one form an upload is: a part `file`, optionally a part `audience`, in any order, nothing else. Backpressure
 * runs from `onFile` to the socket. Throws AppError 400, 413, 415, or whatever `onFile` threw; then nothing is left.
 */
export const receiveForm = async <T>(
  request: IncomingMessage,
  { maxFile, maxForm, onFile, onDiscard }: Receiving<T>,
): Promise<Form<T>> => {
  const parser = openParser(request, maxFile)
  let taking: Promise<T> | undefined
  let audience: Promise<string> | undefined
  try {
    await new Promise<void>((resolve, reject) => {
      const open = new Set<Readable>()
      const fail = (error: unknown) => {
        request.unpipe(parser)
        // What is still coming is read and dropped, so that the peer can read our answer.
        request.resume()
        for (const stream of open) stream.destroy(error instanceof Error ? error : undefined)
        reject(error)
      }
      const take = (stream: BusboyFileStream) => {
        open.add(stream)
        // Errors reach whoever iterates it; without this one arriving later would end the process.
        stream.on('error', () => {})
        stream.once('close', () => open.delete(stream))
      }
      parser.on('file', (part, stream, name) => {
        take(stream)
        if (part === 'file' && taking === undefined) {
          taking = onFile(partName(name), stream).then(async taken => {
            if (!stream.truncated) return taken
            await onDiscard(taken)
            throw tooLarge(maxFile)
          })
          taking.catch(fail)
        } else if (part === 'audience' && audience === undefined) {
          audience = textOf(stream)
          audience.catch(fail)
        } else fail(badPart(part))
      })
      parser.on('field', (part, value, _nameTruncated, truncated) => {
        if (part === 'file') fail(invalid('file', 'needs a file name'))
        else if (part !== 'audience' || audience !== undefined) fail(badPart(part))
        else if (truncated) fail(invalid('audience', 'is too long'))
        else audience = Promise.resolve(value)
      })
      for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const) {
        parser.on(limit, () => fail(invalid('body', 'has more parts than file and audience')))
      }
      parser.on('error', cause =>
        fail(new AppError('invalid_request', { detail: 'The form ends too early or is not well formed.', cause })),
      )
      parser.on('finish', resolve)
      const interrupted = () => {
        // Not `complete`: all may have arrived, and the connection have gone before it was read. Then no end comes.
        if (!request.readableEnded) fail(new AppError('invalid_request', { detail: 'The upload was interrupted.' }))
      }
      request.once('close', interrupted)
      request.once('error', interrupted)
      let received = 0
      request.on('data', (chunk: Buffer) => {
        received += chunk.length
        if (received > maxForm) fail(tooLarge(maxFile))
      })
      request.pipe(parser)
    })
    if (taking === undefined) throw invalid('file', 'is missing')
    return { file: await taking, audience: await audience }
  } catch (error) {
    const taken = await taking?.catch(() => undefined)
    if (taken !== undefined) await onDiscard(taken)
    throw error
  }
}

const openParser = (request: IncomingMessage, maxFile: number) => {
  const type = request.headers['content-type'] ?? ''
  const limits = {
    files: 2,
    fields: 2,
    parts: 3,
    fileSize: maxFile,
    fieldSize: AUDIENCE_LIMIT,
    fieldNameSize: 100,
    headerPairs: 20,
    headerSize: 8192,
  }
  try {
    return new Busboy({ headers: { 'content-type': type }, limits })
  } catch (cause) {
    throw new AppError('invalid_request', { detail: 'The form has no usable boundary.', cause })
  }
}

/** Browsers send these three escaped in a part's file name (WHATWG HTML, "multipart/form-data encoding algorithm"). */
const partName = (name: string | undefined): string =>
  (name ?? '').replaceAll('%22', '"').replaceAll(/%0D/gi, '\r').replaceAll(/%0A/gi, '\n')

/** `most`: bytes of plaintext. */
export const tooLarge = (most: number): AppError =>
  new AppError('too_large', { detail: `A file may have at most ${inUnits(most)}.` })

/** 20971520 → `20 MiB`; rounded down, so that what it says is allowed. */
const inUnits = (bytes: number): string => {
  const [unit, size] = units.find(([, least]) => bytes >= least) ?? ['bytes', 1]
  return `${Math.floor((bytes / size) * 10) / 10} ${unit}`
}
const units: readonly (readonly [string, number])[] = [
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
]

const badPart = (part: string): AppError =>
  invalid(
    'body',
    part === 'file' || part === 'audience' ? `has two parts ${part}` : 'has a part other than file and audience',
  )

const textOf = async (stream: Readable): Promise<string> => {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of stream) {
    length += piece.length
    if (length > AUDIENCE_LIMIT) throw invalid('audience', 'is too long')
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}
