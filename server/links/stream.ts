import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { SEGMENT_LENGTH, segmentsCovering } from '../crypto/segments.ts'
import type { Content } from '../files/content.ts'
import { release } from '../memory.ts'
import type { Meter } from './allowance.ts'
import type { Span } from './ranges-union.ts'
import { MOST_SEGMENTS, type Reads } from './reads.ts'
import type { Reason } from './record.ts'

/** Segments of the first read: a client that stalls at once holds no more than this. */
const FIRST_SEGMENTS = 4
/** A client that took a whole batch within this time is worth a larger one, and a read ahead. */
const QUICK_MS = 50
const SLOW_MS = 500
/** Plaintext on its way over all streams: with 200 of them, each gets 5 segments. */
const IN_FLIGHT = 64 * 1024 * 1024

/** How many segments the first read of a range takes. */
export const firstCount = (first: number, last: number): number => {
  const span = segmentsCovering(first, last)
  return Math.min(span.last - span.first + 1, FIRST_SEGMENTS)
}

type Options = {
  response: ServerResponse
  socket: Socket
  content: Content
  reads: Reads
  meter: Meter
  /** Bytes of the file to send, both inclusive. */
  first: number
  last: number
  /** The segments from the one that holds `first` on, `firstCount` of them, read and verified already. */
  opened: Buffer[]
  /** How many streams this process is sending just now. */
  streams: () => number
}

export type Outcome = { reason: Reason; error: unknown }

/**
 * Sends a range whose header has been written: verified segments only, in batches that grow while the client keeps up.
 * Ends in a complete response or a reset connection, never in a short one that looks whole.
 */
export const send = ({ response, socket, content, reads, meter, first, last, opened, streams }: Options) => {
  const total = last - first + 1
  const span = segmentsCovering(first, last)
  let handed = 0
  let accepted = 0
  let reason: Reason | undefined
  let wake = () => {}
  let waitingSince = 0
  let ahead: { first: number; pieces: Promise<Buffer[]> } | undefined

  const stop = (why: Reason): void => {
    if (accepted === total) return
    reason ??= why
    // A reset, so that what waits in the kernel's buffers does not follow.
    socket.resetAndDestroy()
    wake()
  }
  const onClose = () => {
    reason ??= 'interrupted'
    wake()
  }
  response.once('close', onClose)
  if (response.destroyed || socket.destroyed) onClose()

  const dropAhead = (): void => {
    if (!ahead) return
    ahead = undefined
    reads.releaseAhead()
  }

  const batchSize = (wanted: number, next: number): number => {
    const fair = Math.floor(IN_FLIGHT / SEGMENT_LENGTH / Math.max(1, streams()))
    return Math.min(Math.max(2, Math.min(wanted, fair)), MOST_SEGMENTS, span.last - next + 1)
  }

  const fetch = (from: number, wanted: number): Promise<Buffer[]> => {
    if (ahead?.first !== from) return reads.read(content, from, batchSize(wanted, from))
    const { pieces } = ahead
    dropAhead()
    return pieces
  }

  const fetchAhead = (from: number, wanted: number): void => {
    if (!reads.reserveAhead()) return
    const pieces = reads.read(content, from, batchSize(wanted, from))
    // Awaited when its turn comes, if it comes.
    pieces.catch(() => {})
    ahead = { first: from, pieces }
  }

  /** Resolves when the kernel has taken the pieces, or the connection is gone. */
  const hand = (pieces: Buffer[], bytes: number): Promise<void> =>
    new Promise(resolve => {
      wake = resolve
      if (reason !== undefined) return resolve()
      handed += bytes
      waitingSince = performance.now()
      response.cork()
      for (const piece of pieces.slice(0, -1)) response.write(piece)
      response.write(pieces.at(-1), error => {
        // A write that its socket's end has cut short reports no error.
        if (error || socket.destroyed) reason ??= 'interrupted'
        else {
          accepted += bytes
          release(pieces)
        }
        resolve()
      })
      if (handed === total) response.end()
      else response.uncork()
    })

  const run = async (begin: Buffer[]): Promise<void> => {
    let pieces = begin
    let index = span.first
    let wanted = FIRST_SEGMENTS
    let quick = false
    while (reason === undefined) {
      const next = index + pieces.length
      let body = cut(pieces, handed === 0 ? span.skip : 0, total - handed)
      const bytes = lengthOf(body)
      const permitted = await meter.permit(bytes, handed, total - handed)
      if (permitted < bytes) body = cut(body, 0, permitted)
      if (permitted === 0) return stop('exhausted')
      const taken = hand(body, permitted)
      // The socket has them now; held here too, a slow client would cost two batches.
      pieces = body = []
      if (quick && next <= span.last && permitted === bytes) fetchAhead(next, wanted)
      await taken
      if (accepted === total) return
      if (permitted < bytes) return stop('exhausted')
      const took = performance.now() - waitingSince
      waitingSince = 0
      quick = took < QUICK_MS
      if (quick) wanted = Math.min(wanted * 2, MOST_SEGMENTS)
      else if (took > SLOW_MS) wanted = Math.max(FIRST_SEGMENTS, wanted / 2)
      if (reason !== undefined) return
      pieces = await fetch(next, wanted)
      index = next
    }
  }

  const done: Promise<Outcome> = run(opened)
    .then(
      () => undefined,
      (error: unknown) => {
        stop('failed')
        return error
      },
    )
    .then(error => {
      dropAhead()
      response.off('close', onClose)
      return { reason: accepted === total ? ('complete' as const) : (reason ?? 'interrupted'), error }
    })

  return {
    stop,
    /** Resolves, never rejects, when no more bytes will be handed over. `error`: what made the stream fail. */
    done,
    /** What the operating system has taken so far. */
    sent: (): Span => [first, first + accepted],
    /** Bytes handed to the socket: at most so many can have left. */
    handed: () => handed,
    allHanded: () => handed === total,
    /** Lets go of what was read ahead for a client that has not taken anything for half a second. */
    trim: (): void => {
      if (waitingSince > 0 && performance.now() - waitingSince > SLOW_MS) dropAhead()
    },
  }
}

export type Sending = ReturnType<typeof send>

const lengthOf = (pieces: readonly Buffer[]): number => pieces.reduce((sum, piece) => sum + piece.length, 0)

/** The `length` bytes after the first `skip`, at most what is there. */
const cut = (pieces: readonly Buffer[], skip: number, length: number): Buffer[] => {
  const kept: Buffer[] = []
  let before = skip
  let left = length
  for (const piece of pieces) {
    const part = piece.subarray(before, before + left)
    before = Math.max(0, before - piece.length)
    if (part.length > 0) kept.push(part)
    left -= part.length
    if (left === 0) break
  }
  return kept
}
