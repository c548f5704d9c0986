import assert from 'node:assert/strict'
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import type { Answer, Client } from '../../client.ts'

export const UPLOADS = '/api/v1/ops/uploads'
export const TUS = { 'tus-resumable': '1.0.0' }
export const CHUNK = { ...TUS, 'content-type': 'application/offset+octet-stream' }

type Metadata = Partial<Record<'filename' | 'audience' | 'sha256' | 'filetype', string>>

export const metadata = (values: Metadata): string =>
  Object.entries(values)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',')

/** Begins an upload; whatever the answer. */
export const begin = (
  by: Client,
  size: number | string,
  values: Metadata = { filename: 'Report.docx' },
): Promise<Answer> =>
  by.request(UPLOADS, {
    method: 'POST',
    headers: { ...TUS, 'upload-length': String(size), 'upload-metadata': metadata(values) },
  })

/** The path of a new upload. */
export const begun = async (by: Client, size: number, values?: Metadata): Promise<string> => {
  const answer = await begin(by, size, values)
  assert.equal(answer.status, 201, answer.text)
  return answer.headers.get('location') ?? ''
}

export const append = (by: Client, path: string, offset: number | string, bytes: Uint8Array): Promise<Answer> =>
  by.request(path, {
    method: 'PATCH',
    headers: { ...CHUNK, 'upload-offset': String(offset) },
    body: Uint8Array.from(bytes),
  })

export const head = (by: Client, path: string): Promise<Answer> => by.request(path, { method: 'HEAD', headers: TUS })

export const end = (by: Client, path: string): Promise<Answer> => by.request(path, { method: 'DELETE', headers: TUS })

export const offsetOf = (answer: Answer): number => Number(answer.headers.get('upload-offset'))

/** Sends the rest in pieces of `size`; the last answer. */
export const appendAll = async (
  by: Client,
  path: string,
  bytes: Uint8Array,
  size: number,
  from = 0,
): Promise<Answer> => {
  for (let offset = from; ; offset += size) {
    const answer = await append(by, path, offset, bytes.subarray(offset, offset + size))
    if (offset + size >= bytes.length) return answer
    assert.equal(answer.status, 204, answer.text)
    assert.equal(offsetOf(answer), offset + size)
  }
}

export const idOf = (path: string): string => path.split('/').at(-1) ?? ''

type Slow = { url: string; token: string; path: string; offset: number; length?: number }

/** A PATCH whose body is fed by hand. `cut` ends the connection; `answer` is undefined when there was none. */
export const slowly = ({ url, token, path, offset, length }: Slow) => {
  const headers: OutgoingHttpHeaders = { ...CHUNK, authorization: `Bearer ${token}`, 'upload-offset': offset }
  if (length !== undefined) headers['content-length'] = length
  const request = httpRequest(new URL(path, url), { method: 'PATCH', headers, agent: false })
  const answer = new Promise<IncomingMessage | undefined>(resolve => {
    request.on('response', response => {
      response.resume()
      resolve(response)
    })
    request.on('error', () => resolve(undefined))
    request.on('close', () => resolve(undefined))
  })
  return {
    write: (bytes: Uint8Array): Promise<void> =>
      new Promise(resolve => {
        request.write(bytes, () => resolve())
      }),
    end: () => request.end(),
    cut: () => request.destroy(),
    answer,
  }
}
