// biome-ignore lint/suspicious/noExplicitAny: tests read answers of every shape, wrong ones included
export type Answer = { status: number; headers: Headers; body: any; text: string }

type Init = {
  method?: string
  json?: unknown
  body?: RequestInit['body']
  /** For a body that is a stream. */
  duplex?: 'half'
  headers?: Record<string, string>
  token?: string
}

/** What a stream of events begins with: it never ends by itself. */
const firstOf = async ({ body }: Response): Promise<Buffer> => {
  const reader = body?.getReader()
  const first = await reader?.read()
  await reader?.cancel()
  return Buffer.from(first?.value ?? new Uint8Array(0))
}

/**
 * A small HTTP client that remembers cookies as a browser would when `browser` headers are asked for, and sends a bearer
 * token when it has one. Never follows redirects.
 */
export const createClient = (url: string) => {
  const cookies = new Map<string, string>()
  let bearer: string | undefined

  const request = async (path: string, init: Init = {}): Promise<Answer> => {
    const headers: Record<string, string> = { ...init.headers }
    const token = init.token ?? bearer
    if (token !== undefined) headers.authorization ??= `Bearer ${token}`
    if (cookies.size > 0) headers.cookie ??= [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    if (init.json !== undefined) headers['content-type'] ??= 'application/json'
    const response = await fetch(new URL(path, url), {
      method: init.method ?? 'GET',
      headers,
      body: init.json === undefined ? init.body : JSON.stringify(init.json),
      redirect: 'manual',
      duplex: init.duplex,
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (value === '' || /expires=thu, 01 jan 1970/i.test(cookie)) cookies.delete(name)
      else cookies.set(name, value)
    }
    const events = /^text\/event-stream/.test(response.headers.get('content-type') ?? '')
    const bytes = events ? await firstOf(response) : Buffer.from(await response.arrayBuffer())
    const text = bytes.toString('utf8')
    const json = /json/.test(response.headers.get('content-type') ?? '') && text !== ''
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : bytes, text }
  }

  return {
    request,
    cookies,
    get: (path: string, init?: Init) => request(path, init),
    post: (path: string, json?: unknown, init?: Init) => request(path, { method: 'POST', json, ...init }),
    put: (path: string, json?: unknown, init?: Init) => request(path, { method: 'PUT', json, ...init }),
    patch: (path: string, json?: unknown, init?: Init) => request(path, { method: 'PATCH', json, ...init }),
    delete: (path: string, init?: Init) => request(path, { method: 'DELETE', ...init }),
    /** What a page of the service itself sends along. */
    browser: { 'sec-fetch-site': 'same-origin', origin: url },
    useToken: (token: string | undefined): void => {
      bearer = token
    },
    /** Multipart upload; `audience` as in the contract. */
    upload: (name: string, bytes: Uint8Array, audience?: unknown, init: Init = {}) => {
      const form = new FormData()
      if (audience !== undefined) form.append('audience', JSON.stringify(audience))
      form.append('file', new Blob([bytes]), name)
      return request('/api/v1/ops/files', { method: 'POST', body: form, ...init })
    },
  }
}

export type Client = ReturnType<typeof createClient>
