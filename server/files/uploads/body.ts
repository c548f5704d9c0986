import type { IncomingMessage } from 'node:http'
import { AppError } from '../../errors.ts'

/**
 * The chunks of a request's body. Throws when the connection goes, and the signal's reason when somebody else ends the
 * request: its connection stays, so that it can be answered.
 */
export async function* bodyOf(request: IncomingMessage, signal: AbortSignal): AsyncGenerator<Buffer> {
  let wake = () => {}
  const onEvent = () => wake()
  const events = ['readable', 'end', 'close', 'error', 'aborted']
  for (const event of events) request.on(event, onEvent)
  signal.addEventListener('abort', onEvent)
  try {
    for (;;) {
      const woken = new Promise<void>(resolve => {
        wake = resolve
      })
      signal.throwIfAborted()
      const chunk: unknown = request.read()
      if (Buffer.isBuffer(chunk)) {
        yield chunk
        continue
      }
      if (request.readableEnded) return
      if (request.destroyed || request.errored)
        throw new AppError('invalid_request', { detail: 'The upload was interrupted.' })
      await woken
    }
  } finally {
    for (const event of events) request.off(event, onEvent)
    signal.removeEventListener('abort', onEvent)
    // An error without a listener would end the process; what is still coming is dropped, so that the peer reads our answer.
    request.on('error', () => {})
    request.resume()
  }
}
