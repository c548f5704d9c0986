import type { Answer, Client } from '../../client.ts'

export type Part = { name: string; filename?: string; type?: string; body: Uint8Array | string }

const BOUNDARY = 'valise-test-boundary'

/** The bytes of a multipart form, part by part, so that tests can make forms no library would. */
export const formOf = (parts: Part[], { end = true } = {}): Buffer => {
  const pieces = parts.flatMap(({ name, filename, type, body }) => [
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"`}\r\n`,
    type === undefined ? '' : `Content-Type: ${type}\r\n`,
    '\r\n',
    body,
    '\r\n',
  ])
  return Buffer.concat([...pieces, end ? `--${BOUNDARY}--\r\n` : ''].map(piece => Buffer.from(piece)))
}

export const FORM_TYPE = `multipart/form-data; boundary=${BOUNDARY}`

export const postForm = (client: Client, parts: Part[], options?: { end?: boolean }): Promise<Answer> =>
  client.request('/api/v1/ops/files', {
    method: 'POST',
    headers: { 'content-type': FORM_TYPE },
    body: new Uint8Array(formOf(parts, options)),
  })
