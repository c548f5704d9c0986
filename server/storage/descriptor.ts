import { close, constants, fchmod, fstat, fsync, ftruncate, open, read, type Stats, writev } from 'node:fs'

/**
 * Open files by number, through the callback functions: for a small file, two fifths of the cost of opening, reading and
 * closing are the FileHandle objects of `fs/promises` (measured; performance.md).
 */

/** Windows has neither flag; there the checks of the folders have to do. */
const NOFOLLOW = constants.O_NOFOLLOW ?? 0
const NONBLOCK = constants.O_NONBLOCK ?? 0

/** O_NONBLOCK: opening a planted FIFO would otherwise hold a thread of the pool for ever. It changes nothing for a file. */
export const FOR_READING = constants.O_RDONLY | NOFOLLOW | NONBLOCK
export const FOR_CREATION = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NOFOLLOW
/** Every write goes to the end, wherever a truncation has put it. */
export const FOR_APPENDING = constants.O_WRONLY | constants.O_APPEND | NOFOLLOW | NONBLOCK

export const openFile = (path: string, flags: number): Promise<number> =>
  new Promise((resolve, reject) => {
    open(path, flags, 0o600, (error, fd) => (error ? reject(error) : resolve(fd)))
  })

export const closeFile = (fd: number): Promise<void> => settle(done => close(fd, done))

export const syncFile = (fd: number): Promise<void> => settle(done => fsync(fd, done))

export const setMode = (fd: number, mode: number): Promise<void> => settle(done => fchmod(fd, mode, done))

export const truncateFile = (fd: number, length: number): Promise<void> => settle(done => ftruncate(fd, length, done))

export const statsOf = (fd: number): Promise<Stats> =>
  new Promise((resolve, reject) => {
    fstat(fd, (error, stats) => (error ? reject(error) : resolve(stats)))
  })

/** Fills `into` from `position`, however many calls it takes; gives fewer bytes only at the end of the file. */
export const readFully = (fd: number, into: Uint8Array, position: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const next = (done: number): void => {
      if (done === into.length) {
        resolve(done)
        return
      }
      read(fd, into, done, into.length - done, position + done, (error, bytes) => {
        if (error) reject(error)
        else if (bytes === 0) resolve(done)
        else next(done + bytes)
      })
    }
    next(0)
  })

/** Writes all pieces at the file's current end, however many calls it takes. */
export const writeFully = (fd: number, pieces: readonly Uint8Array[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const next = (rest: readonly Uint8Array[]): void => {
      if (rest.length === 0) {
        resolve()
        return
      }
      writev(fd, rest, (error, bytes) => {
        if (error) reject(error)
        else next(after(rest, bytes))
      })
    }
    next(pieces.filter(piece => piece.length > 0))
  })

const after = (pieces: readonly Uint8Array[], bytes: number): readonly Uint8Array[] => {
  let left = bytes
  let index = 0
  for (const piece of pieces) {
    if (left < piece.length) break
    left -= piece.length
    index++
  }
  const [first, ...others] = pieces.slice(index)
  return first === undefined ? [] : [first.subarray(left), ...others]
}

const settle = (run: (done: (error: Error | null) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => run(error => (error ? reject(error) : resolve())))
