import { ProblemError, problemOf, type SentFile } from '../api.ts'

export type Progress = { sent: number; total: number }

/**
 * Sends one document, telling how many bytes have left. Resolves with the accepted file; rejects with a ProblemError, the
 * inspection's refusal among them. `fetch` cannot report progress of a body, hence the older interface.
 */
export const upload = (
  document: File,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (progress: Progress) => void },
): Promise<SentFile> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.upload.onprogress = ({ loaded, total }) => onProgress({ sent: Math.min(loaded, total), total })
    request.onload = () => {
      if (request.status !== 201) return reject(problemOf(request.responseText))
      const file: SentFile = JSON.parse(request.responseText)
      resolve(file)
    }
    request.onerror = () => reject(new ProblemError('offline'))
    request.onabort = () => reject(signal.reason)
    signal.addEventListener('abort', () => request.abort(), { once: true })
    const form = new FormData()
    form.append('file', document)
    request.open('POST', '/api/v1/ops/files')
    request.send(form)
  })
