import { DetailedError, Upload } from 'tus-js-client'
import { api, ProblemError, problemOf, type SentFile } from '../api.ts'

export type Progress = { sent: number; total: number }

type Listeners = {
  signal: AbortSignal
  /** The upload's address at the server, when it goes on. */
  known: string | undefined
  onAddress: (address: string) => void
  onProgress: (progress: Progress) => void
}

/**
 * Sends one document, or the rest of it, over tus 1.0. Resolves with the accepted file; rejects with a ProblemError (the
 * inspection's refusal among them; `gone` for an address that no longer goes on) or with the signal's reason. One try:
 * `persist.ts` decides about the next.
 */
export const upload = async (
  document: File,
  { signal, known, onAddress, onProgress }: Listeners,
): Promise<SentFile> => {
  const address = await new Promise<string>((resolve, reject) => {
    const sending = new Upload(document, {
      ...(known === undefined ? { endpoint: '/api/v1/ops/uploads' } : { uploadUrl: known }),
      metadata: { filename: document.name, audience: '{}' },
      retryDelays: null,
      // It would begin anew wherever an answer is not the one expected: after a session's end, too.
      storeFingerprintForResuming: false,
      onUploadUrlAvailable: () => {
        if (sending.url) onAddress(sending.url)
      },
      onProgress: (sent, total) => onProgress({ sent, total }),
      onSuccess: () => resolve(sending.url ?? ''),
      onError: error => reject(problemIn(error)),
    })
    signal.addEventListener(
      'abort',
      () => {
        reject(signal.reason)
        void sending.abort()
      },
      { once: true },
    )
    sending.start()
  })
  return api.ops.file(idIn(address))
}

/** The id in an upload's address: the file will have it, too. */
export const idIn = (address: string): string => address.split('/').at(-1) ?? ''

const problemIn = (error: Error): ProblemError => {
  const answer = error instanceof DetailedError ? error.originalResponse : null
  if (!answer) return new ProblemError('offline')
  const problem = problemOf(answer.getBody())
  if (problem.code !== 'offline') return problem
  // A HEAD is answered without a document.
  const status = answer.getStatus()
  if (status === 401) return new ProblemError('unauthenticated')
  return new ProblemError(status === 404 || status === 410 ? 'gone' : 'offline')
}
