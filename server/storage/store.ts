/**
 * Where sealed bytes rest. A store sees ciphertext only and knows nothing of files, people or keys; names are random and
 * come from the caller. One conformance suite (`conformance.ts`) runs over every implementation and is this comment in code.
 *
 * - **Durable when**: after `commit` has resolved, the blob survives a power cut, and after `sync`, the bytes of a blob that is
 *   not committed yet. Before that, nothing is promised and no reader can see it. A committed blob is never changed: there is no
 *   append and no overwrite.
 * - **Continued**: `resume` goes on with a blob that was not committed. The store trusts the caller's length, and that no other
 *   process writes the blob: one process at a time works on a store (`server.lock`), and the caller's row says who goes on.
 * - **Idempotent**: `remove`, `abort`, `leave` and `close`. After `remove` has resolved the name is gone for good, committed or not; a
 *   writer still at work on it fails at `commit`.
 * - **Absence**: `open` rejects with BlobMissingError, at once. Nothing is ever empty by default: a blob of no bytes exists.
 * - **Failure**: no space or quota left is StorageFullError, wherever it shows. After any failed call a writer can only be
 *   aborted or left (a failed fsync must not be tried again: the kernel may have dropped the pages and then report success).
 */
export type BlobStore = {
  /** Starts a blob nobody can see yet. Rejects with BlobExistsError if the name is taken or being written. */
  create(name: string): Promise<BlobWriter>
  /**
   * Goes on after the first `length` bytes of a blob that was left; what stands behind them is dropped. With length 0 it begins
   * anew, whether or not anything was left. Rejects with BlobMissingError if less was left than that, and with BlobExistsError
   * if the blob is committed or being written.
   */
  resume(name: string, length: number): Promise<BlobWriter>
  /** Opens a committed blob for reading at any place. The reader goes on working when the blob is removed meanwhile. */
  open(name: string): Promise<BlobReader>
  remove(name: string): Promise<void>
  /** Committed blobs, in no order; those committed or removed meanwhile may or may not be among them. */
  list(): AsyncIterable<StoredBlob>
  /**
   * Removes what writers left behind that were never committed and have not written since `before` (milliseconds since
   * 1970); gives how many. Others may be writing, or mean to go on: pass a time that no living upload can be silent for.
   */
  sweepUnfinished(before: number): Promise<number>
  /** Bytes that blobs may still take; undefined where nobody can know. */
  freeSpace(): Promise<number | undefined>
}

export type StoredBlob = {
  name: string
  /** Bytes. */
  size: number
  /** Milliseconds since 1970. */
  modified: number
}

/** One call at a time: a second `write`, `sync` or `commit` before the first has settled is refused. */
export type BlobWriter = {
  /** Appends the pieces, in order, as one operation. The bytes are the caller's again once it has settled. */
  write(pieces: readonly Uint8Array[]): Promise<void>
  /** Makes everything written durable, visible to nobody: `resume` finds it after a power cut. */
  sync(): Promise<void>
  /** Makes everything written durable and visible under the name, in this order. */
  commit(): Promise<void>
  /** Ends the writer and forgets what it wrote; after `commit` it does nothing. Never rejects for want of a blob. */
  abort(): Promise<void>
  /** Ends the writer and leaves what it wrote to `resume`, of which only what was synced is sure to be there. As `abort` else. */
  leave(): Promise<void>
}

export type BlobReader = {
  /** Bytes. */
  size: number
  /**
   * Fills `into` from `position` and gives how many bytes that were: fewer than asked only at the end of the blob. `into`
   * is the caller's again once it has settled, so a pooled buffer may go back then and not before.
   */
  read(into: Uint8Array, position: number): Promise<number>
  /** Refuses all further reads, also those under way, and resolves when none of them holds a buffer any more. */
  close(): Promise<void>
}

/** Names are base64url of at least 16 random bytes: nothing in them can be a path, and nobody guesses one. */
export const BLOB_NAME = /^[A-Za-z0-9_-]{22,64}$/

export class StorageFullError extends Error {
  constructor(options?: ErrorOptions) {
    super('The storage has no space left', options)
    this.name = 'StorageFullError'
  }
}

export class BlobMissingError extends Error {
  constructor(options?: ErrorOptions) {
    super('The storage does not hold this blob', options)
    this.name = 'BlobMissingError'
  }
}

export class BlobExistsError extends Error {
  constructor(options?: ErrorOptions) {
    super('The storage holds a blob of this name already', options)
    this.name = 'BlobExistsError'
  }
}

/** Something in the storage is not what this program put there (a link, a device, another kind of file): refused. */
export class StorageTamperedError extends Error {
  constructor(what: string, options?: ErrorOptions) {
    super(`The storage was changed from outside: ${what}`, options)
    this.name = 'StorageTamperedError'
  }
}

/** A reader or writer was used after its end, or a writer twice at once: a mistake in the calling code. */
export class BlobClosedError extends Error {
  constructor(what: string) {
    super(what)
    this.name = 'BlobClosedError'
  }
}
