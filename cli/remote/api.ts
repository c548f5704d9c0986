import type { IncomingMessage } from 'node:http'
import { CliError } from '../exit.ts'
import { type Exchange, exchange, readBody } from './exchange.ts'
import { type Fields, fieldsOf, listOf, textOf } from './fields.ts'
import { toRefusal } from './problem.ts'

/** A page of 200 files with long names and many findings stays far below. */
const MOST = 16 * 1024 * 1024
/** Most entries of a list in one answer (product.md). */
export const PAGE = 200

export type Api = ReturnType<typeof createApi>

/** Speaks to one server, as one session where `token` is given. Everything that is no success is thrown. */
export const createApi = ({ server, token }: { server: string; token?: string }) => {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }

  /** The answer with its body unread, if it is one of these statuses. */
  const open = async (
    path: string,
    { expect, ...rest }: Omit<Exchange, 'url'> & { expect: readonly number[] },
  ): Promise<IncomingMessage> => {
    const url = new URL(path, server)
    if (url.origin !== new URL(server).origin) throw new Error('A request was about to leave for another server')
    const answer = await exchange({ ...rest, url, headers: { ...headers, ...rest.headers } })
    if (expect.includes(answer.statusCode ?? 0)) return answer
    throw toRefusal(answer, await readBody(answer, MOST), url.origin)
  }

  const json = async (path: string, options: Parameters<typeof open>[1]): Promise<Fields> => {
    const answer = await open(path, { ...options, headers: { accept: 'application/json', ...options.headers } })
    const body = await readBody(answer, MOST)
    if (answer.statusCode === 204) return new Map()
    const fields = fieldsOf(parse(body))
    if (!fields) throw new CliError('unreachable', `${server} answered with something that is not JSON.`)
    return fields
  }

  const get = (path: string) => json(path, { method: 'GET', expect: [200] })

  return {
    open,
    json,
    get,
    post: (path: string, value?: unknown): Promise<Fields> => {
      const body = value === undefined ? undefined : Buffer.from(JSON.stringify(value))
      return json(path, {
        method: 'POST',
        expect: [200, 201, 202, 204],
        headers: body
          ? { 'content-type': 'application/json', 'content-length': String(body.length) }
          : { 'content-length': '0' },
        send: async request => void request.end(body),
      })
    },
    /** Every entry of a list, page by page. */
    async *list(path: string, query: Record<string, string | undefined> = {}): AsyncGenerator<Fields> {
      for (let cursor: string | undefined; ; ) {
        const params = new URLSearchParams({ limit: String(PAGE) })
        for (const [name, value] of Object.entries({ ...query, cursor }))
          if (value !== undefined) params.set(name, value)
        const page = await get(`${path}?${params}`)
        yield* listOf(page, 'items')
        const next = textOf(page, 'next_cursor')
        if (next === '' || next === cursor) return
        cursor = next
      }
    },
  }
}

const parse = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}
