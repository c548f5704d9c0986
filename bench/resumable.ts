import { send } from './transfer.ts'

type Resumable = { url: string; token: string; name: string; document: Uint8Array; audience: unknown; chunk?: number }

const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** One upload over tus 1.0.0, in one request or in chunks of so many bytes; seconds from its beginning to the judged file. */
export const uploadResumable = async ({ url, token, name, document, audience, chunk = document.length }: Resumable) => {
  const headers = { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0' }
  const metadata = `filename ${base64(name)},audience ${base64(JSON.stringify(audience))}`
  const made = await send(
    `${url}/api/v1/ops/uploads`,
    'POST',
    { ...headers, 'upload-length': String(document.length), 'upload-metadata': metadata },
    [],
  )
  const path = made.headers.location
  if (made.status !== 201 || path === undefined) throw new Error(`Upload: ${made.status} ${made.text}`)
  let seconds = made.seconds
  for (let at = 0; at < document.length; at += chunk) {
    const answer = await send(
      `${url}${path}`,
      'PATCH',
      { ...headers, 'content-type': 'application/offset+octet-stream', 'upload-offset': String(at) },
      [document.subarray(at, at + chunk)],
    )
    if (answer.status !== 204) throw new Error(`Upload: ${answer.status} ${answer.text}`)
    seconds += answer.seconds
  }
  return { seconds, id: path.split('/').at(-1) ?? '' }
}
