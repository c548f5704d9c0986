import { BlobExistsError, BlobMissingError, StorageFullError, StorageTamperedError } from './store.ts'

/** The operating system's code of an error, such as `ENOENT`. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined

/** What an error of the file system means to a caller of the store; everything unknown stays what it is. */
export const typed = (error: unknown): unknown => {
  const cause = { cause: error }
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new StorageFullError(cause)
    case 'ENOENT':
      return new BlobMissingError(cause)
    case 'EEXIST':
      return new BlobExistsError(cause)
    // ELOOP: O_NOFOLLOW met a link. ENXIO: the place holds a socket or a device without a driver.
    case 'ELOOP':
    case 'ENXIO':
      return new StorageTamperedError('a link or a special file stands where a blob should', cause)
    default:
      return error
  }
}

/** Runs the work and gives its errors their types. */
export const typing = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    throw typed(error)
  }
}

/** Runs the work; `undefined` if what it looked for does not exist. */
export const unlessMissing = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await work()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}
