import { type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { CliError } from '../exit.ts'
import { clean } from '../terminal.ts'

export type Exchange = {
  url: URL
  method: string
  headers?: Record<string, string>
  /**
   * Writes the body and ends the request. `signal` fires when the server has answered before the body was whole, as it does
   * to refuse: writing on would send gigabytes nobody wants. What it rejects with ends the exchange.
   */
  send?: (request: ClientRequest, signal: AbortSignal) => Promise<void>
  /** Milliseconds of silence after which the server counts as gone. */
  patience?: number
}

const PATIENCE = 60_000

/**
 * One request over a connection of its own; resolves with the answer as soon as its headers are there, its body unread.
 * Follows no redirect: the Authorization header must never reach another origin. Network failures become CliError
 * `unreachable`.
 */
export const exchange = ({ url, method, headers, send, patience = PATIENCE }: Exchange): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const make = url.protocol === 'https:' ? tlsRequest : plainRequest
    // Keep-alive, although nothing follows: a server told to close would reset a body it refused, and its answer with it.
    const request = make(url, {
      method,
      headers: { 'user-agent': 'valise', connection: 'keep-alive', ...headers },
      agent: false,
    })
    const answered = new AbortController()
    const fail = (error: unknown) => {
      if (answered.signal.aborted) return
      reject(asUnreachable(error, url))
      request.destroy()
    }
    request.setTimeout(patience, () => request.destroy(new Error(`nothing came for ${Math.round(patience / 1000)} s`)))
    request.on('error', fail)
    request.on('response', answer => {
      answered.abort()
      answer.once('close', () => request.destroy())
      resolve(answer)
    })
    if (send) send(request, answered.signal).catch(fail)
    else request.end()
  })

/** The whole body, at most `most` bytes of it. */
export const readBody = async (answer: IncomingMessage, most: number): Promise<Buffer> => {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of answer) {
    if (!Buffer.isBuffer(piece)) continue
    length += piece.length
    if (length > most) {
      answer.destroy()
      throw new CliError('unreachable', 'The answer is far longer than any that Valise gives.')
    }
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

const CERTIFICATE = /^(?:UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|CERT_|ERR_TLS_CERT|HOSTNAME_MISMATCH)/

/** What a failure of the network means to the person at the terminal. */
export const asUnreachable = (error: unknown, url: URL): unknown => {
  if (error instanceof CliError || !(error instanceof Error)) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const says = (sentence: string) => new CliError('unreachable', sentence, { cause: error })
  if (code === 'ECONNREFUSED') return says(`Nothing answers at ${url.origin}. Is the server running?`)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return says(`The name ${url.hostname} cannot be resolved.`)
  if (CERTIFICATE.test(code)) {
    return says(
      `The certificate of ${url.host} cannot be trusted (${code}). If it is your own, name its authority in NODE_EXTRA_CA_CERTS.`,
    )
  }
  if (code === 'EPROTO') return says(`${url.origin} does not speak TLS. Is the address right?`)
  return says(`The connection to ${url.host} broke: ${clean(error.message)}.`)
}
