import { TUS_VERSION } from '../../../contract/tus.ts'
import { AppError, invalid } from '../../errors.ts'
import { tooLarge } from '../multipart.ts'

/** The headers of tus 1.0.0 (tus.io/protocols/resumable-upload), read from requests and written to answers. */

type Headers = Record<string, string | string[] | undefined>

const METADATA_LENGTH = 512 * 1024
const KEYS = new Set(['filename', 'audience', 'sha256', 'filetype'])

/** A header that came twice is joined by Node with a comma, and then is no number. */
const textOf = (headers: Headers, name: string): string | undefined => {
  const value = headers[name]
  return Array.isArray(value) ? value.join(',') : value
}

/** Bytes. Digits and nothing else: no sign, no exponent, no second value. */
const lengthOf = (headers: Headers, name: string): number | undefined => {
  const text = textOf(headers, name)
  if (text === undefined) return undefined
  const value = Number(text)
  if (!/^[0-9]{1,16}$/.test(text) || !Number.isSafeInteger(value)) throw invalid(name, 'is not a number of bytes')
  return value
}

/** Throws 412 unless the request speaks our version. */
export const requireVersion = (headers: Headers): void => {
  if (textOf(headers, 'tus-resumable') === TUS_VERSION) return
  throw new AppError('unsupported_version', {
    detail: `Send Tus-Resumable: ${TUS_VERSION}.`,
    headers: { 'tus-version': TUS_VERSION },
  })
}

/** The announced size in bytes. Throws 400 and 413. */
export const uploadLength = (headers: Headers, most: number): number => {
  if (headers['upload-defer-length'] !== undefined) throw invalid('upload-defer-length', 'is not supported here')
  const length = lengthOf(headers, 'upload-length')
  if (length === undefined) throw invalid('upload-length', 'is missing')
  if (length > most) throw tooLarge(most)
  return length
}

export const uploadOffset = (headers: Headers): number => {
  const offset = lengthOf(headers, 'upload-offset')
  if (offset === undefined) throw invalid('upload-offset', 'is missing')
  return offset
}

/** Bytes of the body, where it says so. */
export const contentLength = (headers: Headers): number => Number(textOf(headers, 'content-length') ?? 0)

export type Metadata = { filename: string; audience: string | undefined; sha256: Buffer | undefined }

/** `Upload-Metadata: filename <base64>,audience <base64>,sha256 <base64>`: each value is base64 of UTF-8. */
export const uploadMetadata = (headers: Headers): Metadata => {
  const text = textOf(headers, 'upload-metadata') ?? ''
  if (text.length > METADATA_LENGTH) throw invalid('upload-metadata', 'is too long')
  const values = new Map<string, string>()
  for (const pair of text.split(',').filter(one => one.trim() !== '')) {
    const [key = '', value = '', ...more] = pair.trim().split(' ')
    if (!KEYS.has(key)) throw invalid('upload-metadata', 'takes filename, audience and sha256')
    if (more.length > 0 || values.has(key)) throw invalid('upload-metadata', `has ${key} twice, or broken`)
    values.set(key, decoded(key, value))
  }
  const filename = values.get('filename')
  if (filename === undefined) throw invalid('upload-metadata', 'needs a filename')
  const sha256 = values.get('sha256')
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(sha256))
    throw invalid('upload-metadata', 'has a sha256 that is not 64 hexadecimal digits')
  return {
    filename,
    audience: values.get('audience'),
    sha256: sha256 === undefined ? undefined : Buffer.from(sha256, 'hex'),
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const decoded = (key: string, value: string): string => {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value))
    throw invalid('upload-metadata', `has a ${key} that is not base64`)
  try {
    return utf8.decode(Buffer.from(value, 'base64'))
  } catch {
    throw invalid('upload-metadata', `has a ${key} that is not UTF-8`)
  }
}
