import assert from 'node:assert/strict'

/** Undefined, or what is wrong with a value and where. */
export type Shape = (value: unknown, at: string) => string | undefined

const wrong = (at: string, value: unknown, what: string) =>
  `${at || 'the body'} is ${JSON.stringify(value)}, not ${what}`
const when =
  (ok: (value: unknown) => boolean, what: string): Shape =>
  (value, at) =>
    ok(value) ? undefined : wrong(at, value, what)

export const text = when(value => typeof value === 'string', 'a text')
export const integer = when(value => Number.isSafeInteger(value), 'a whole number')
export const boolean = when(value => typeof value === 'boolean', 'a truth value')
const matching = (pattern: RegExp, what: string) =>
  when(value => typeof value === 'string' && pattern.test(value), what)
/** Base64url of 16 bytes: 22 characters, of which the last carries two bits. */
export const id = matching(/^[A-Za-z0-9_-]{21}[AQgw]$/, 'an id')
/** RFC 3339 in UTC. */
export const time = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/, 'a time in UTC')
export const sha256 = matching(/^[0-9a-f]{64}$/, 'a SHA-256 in hex')
export const only = (...values: unknown[]) => when(value => values.includes(value), `one of ${values.join()}`)
export const nullable =
  (shape: Shape): Shape =>
  (value, at) =>
    value === null ? undefined : shape(value, at)
export const list =
  (shape: Shape): Shape =>
  (value, at) =>
    Array.isArray(value)
      ? value.map((one, index) => shape(one, `${at}[${index}]`)).find(problem => problem !== undefined)
      : wrong(at, value, 'a list')
export const anyObject = when(
  value => typeof value === 'object' && value !== null && !Array.isArray(value),
  'an object',
)

/** Exactly these fields, each of its shape: none is missing, none is there beside them. */
export const object =
  (fields: Record<string, Shape>, optional: Record<string, Shape> = {}): Shape =>
  (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong(at, value, 'an object')
    const entries = new Map(Object.entries(value))
    for (const [name, shape] of Object.entries({ ...fields, ...optional })) {
      const where = at ? `${at}.${name}` : name
      if (!entries.has(name)) {
        if (Object.hasOwn(fields, name)) return `${where} is missing`
        continue
      }
      const problem = shape(entries.get(name), where)
      if (problem !== undefined) return problem
      entries.delete(name)
    }
    const [more] = entries.keys()
    return more === undefined ? undefined : `${at ? `${at}.` : ''}${more} is not in the contract`
  }

export const matches = (value: unknown, shape: Shape, what: string): void => {
  const problem = shape(value, '')
  assert.equal(problem, undefined, `${what}: ${problem}`)
}

// What follows is product.md's list of shapes, by hand: the schemas in contract/ are what is being tested.

const userFields = {
  id,
  role: only('ops', 'client'),
  admin: boolean,
  email: text,
  name: text,
  email_verified: boolean,
  disabled: boolean,
  created_at: time,
}
export const user = object(userFields)
export const clientAlone = object({ ...userFields, groups: list(object({ id, name: text })) })
const person = object({ id, name: text, email: text })
const finding = object({ code: text, severity: only('block', 'warn', 'info'), where: text, message: text })
const shared = {
  id,
  name: text,
  type: only('docx', 'xlsx', 'pptx'),
  size: integer,
  sha256,
  status: only('available', 'pending', 'expired'),
  uploaded_at: time,
  expires_at: nullable(time),
  uploaded_by: person,
  note: nullable(text),
  findings: list(finding),
}
const audience = object({
  everyone: boolean,
  groups: list(object({ id, name: text })),
  clients: list(object({ id, email: text })),
})
export const inspectReport = object({
  name: text,
  verdict: only('accept', 'refuse'),
  type: nullable(only('docx', 'xlsx', 'pptx')),
  size: integer,
  sha256,
  scan: only('clean', 'hit', 'unavailable', 'not_scanned'),
  findings: list(finding),
})
const ownDelivery = {
  bytes_sent: integer,
  first_download_at: nullable(time),
  last_download_at: nullable(time),
  downloads: integer,
  delivered_at: nullable(time),
  confirmed_at: nullable(time),
  acknowledged_at: nullable(time),
  asked_at: nullable(time),
}
export const file = object({
  ...shared,
  audience,
  erased_at: nullable(time),
  tell_me: boolean,
  deliveries: object({
    clients: integer,
    notified: integer,
    delivered: integer,
    confirmed: integer,
    acknowledged: integer,
  }),
})
/** A client's view leaves the audience out. */
export const sharedFile = object({ ...shared, delivery: object(ownDelivery) })
export const handoff = object({
  id,
  at: time,
  files: list(object({ id, name: text })),
  note: nullable(text),
  expires_at: nullable(time),
  notified: integer,
})
export const historyEntry = object({
  at: time,
  kind: only(
    'shared',
    'link_issued',
    'download_started',
    'download_ended',
    'delivered',
    'confirmed',
    'acknowledged',
    'asked_again',
  ),
  bytes_sent: nullable(integer),
})
export const uploads = object({
  items: list(object({ id, name: text, size: integer, offset: integer, expires_at: time })),
})
export const group = object({ id, name: text, members: list(user), created_at: time })
export const session = object({
  id,
  current: boolean,
  created_at: time,
  last_seen_at: time,
  expires_at: time,
  user_agent: text,
  ip: text,
})
export const invitation = object({
  id,
  email: text,
  role: only('ops', 'client'),
  groups: list(object({ id, name: text })),
  status: only('pending', 'accepted', 'revoked', 'expired'),
  invited_by: person,
  created_at: time,
  expires_at: time,
})
export const invitationOffer = object({
  email: text,
  role: only('ops', 'client'),
  invited_by: object({ name: text }),
  expires_at: time,
})
export const link = object({
  id,
  file: object({ id, name: text }),
  expires_at: time,
  single_use: boolean,
  spent_at: nullable(time),
  revoked_at: nullable(time),
})
export const delivery = object({
  client: person,
  state: only(
    'invited',
    'offered',
    'notified',
    'opened',
    'partial',
    'delivered',
    'confirmed',
    'acknowledged',
    'expired',
    'withdrawn',
  ),
  granted: boolean,
  notified_at: nullable(time),
  reminded_at: nullable(time),
  ...ownDelivery,
})
export const auditEvent = object({
  seq: integer,
  id,
  at: time,
  kind: matching(/^[a-z]+\.[a-z_]+$/, 'a kind'),
  actor: nullable(anyObject),
  subject: nullable(anyObject),
  data: anyObject,
  count: integer,
})
export const mail = { name: text, from: text, to: text, subject: text, date: time }

const atLeast = object({ count: integer, more: boolean })
export const overview = object({
  days: list(object({ day: matching(/^\d{4}-\d\d-\d\d$/, 'a day'), handed_over: integer, delivered: integer })),
  waiting: object({ day: atLeast, week: atLeast, month: atLeast, older: atLeast }),
  expiring: atLeast,
  pending: integer,
  storage: object({ files: integer, bytes: integer, free: nullable(integer) }),
})
export const settings = object({
  items: list(object({ name: text, value: text, source: only('default', 'environment', 'file'), help: text })),
})

const token = matching(/^[\w-]+\.[\w-]+\.[\w-]+$/, 'a JWT')
const signedIn = { expires_at: time, user }
const bearer = { access_token: token, token_type: only('Bearer') }
export const byBearer = object({ ...bearer, ...signedIn })
/** With `transport: "cookie"` the token is in the cookie and nowhere else. */
export const byCookie = object(signedIn)
export const verifiedAndIn = object({ status: only('verified'), ...bearer, ...signedIn })
export const status = (value: string) => object({ status: only(value) })
export const issued = object({
  id,
  download_link: matching(/^https?:\/\/[^/]+\/download\/[A-Za-z0-9_.-]+$/, 'an absolute link'),
  expires_at: time,
  message: only('success'),
})
export const page = (of: Shape) => object({ items: list(of), next_cursor: nullable(text) })

export const problem = (code: string, httpStatus: number) =>
  object(
    { type: only(`urn:valise:problem:${code}`), title: text, status: only(httpStatus), code: only(code) },
    { detail: text, instance: text, errors: list(object({ where: text, message: text })), findings: list(finding) },
  )
