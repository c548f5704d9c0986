/** What is read of an OpenAPI document. */
export type Api = {
  info: { title: string; description: string }
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, Operation>>
}
type Parameter = { name: string; in: string; description?: string }
export type Operation = {
  operationId: string
  summary: string
  description?: string
  tags: string[]
  security: Record<string, unknown>[]
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { example?: unknown }> }
  responses: Record<string, unknown>
}
export type OperationOf = { method: string; path: string; operation: Operation }

/** The parts of the collection format (v2.1.0) that are used. */
export type Event = { listen: 'test' | 'prerequest'; script: { type: 'text/javascript'; exec: string[] } }
type Named = { key: string; value: string; description?: string; disabled?: true }
export type Body =
  | { mode: 'raw'; raw: string; options: { raw: { language: 'json' } } }
  | { mode: 'formdata'; formdata: ({ key: string; type: 'file'; src: string } | (Named & { type: 'text' }))[] }
export type Request = {
  method: string
  description?: string
  auth: { type: 'noauth' } | { type: 'bearer'; bearer: { key: 'token'; value: string; type: 'string' }[] }
  header: Named[]
  url: { raw: string; host: string[]; path: string[]; query?: Named[]; variable?: Named[] }
  body?: Body
}
export type Item = { name: string; event?: Event[]; request: Request }

export const headOf = ({ operation }: OperationOf) => ({ name: operation.summary })

/** The request of an operation, with variables where a person or an earlier request fills something in. */
export const requestOf = (one: OperationOf): Request => {
  const { method, path, operation } = one
  const body = bodyOf(one)
  const query = (operation.parameters ?? []).filter(parameter => parameter.in === 'query')
  const segments = path
    .slice(1)
    .replaceAll(/\{(\w+)\}/g, ':$1')
    .split('/')
  return {
    method,
    ...(operation.description === undefined ? {} : { description: operation.description }),
    auth: authOf(operation),
    header: headersOf(path, body),
    url: {
      raw: `{{base_url}}/${segments.join('/')}`,
      host: ['{{base_url}}'],
      path: segments,
      ...(query.length > 0 ? { query: query.map(asQuery) } : {}),
      ...(path.includes('{') ? { variable: [...path.matchAll(/([a-z]+)\/\{(\w+)\}/g)].map(asVariable) } : {}),
    },
    ...(body ? { body } : {}),
  }
}

const headersOf = (path: string, body: Body | undefined): Named[] => {
  if (path.startsWith('/api/v1/ops/uploads')) return [{ key: 'Tus-Resumable', value: '1.0.0' }]
  return body?.mode === 'raw' ? [{ key: 'Content-Type', value: 'application/json' }] : []
}

const asQuery = ({ name, description }: Parameter): Named => ({
  key: name,
  value: '',
  ...(description === undefined ? {} : { description }),
  disabled: true,
})

/** `files/{id}` is `{{file_id}}`, `download/{token}` is `{{download_token}}`. */
const asVariable = ([, before = '', name = '']: RegExpExecArray): Named => ({
  key: name,
  value: `{{${before.replace(/s$/, '')}_${name}}}`,
})

const authOf = ({ security }: Operation): Request['auth'] => {
  if (security.length === 0) return { type: 'noauth' }
  const door = security.some(scheme => 'opsCookie' in scheme) ? 'ops' : 'client'
  return { type: 'bearer', bearer: [{ key: 'token', value: `{{${door}_token}}`, type: 'string' }] }
}

const bodyOf = ({ operation }: OperationOf): Body | undefined => {
  const content = operation.requestBody?.content
  if (content === undefined) return undefined
  const json = content['application/json']
  if (json) {
    const raw = withVariables(JSON.stringify(json.example ?? {}, null, 2))
    return { mode: 'raw', raw, options: { raw: { language: 'json' } } }
  }
  return {
    mode: 'formdata',
    formdata: [
      { key: 'file', type: 'file', src: 'docs/sample.docx' },
      { key: 'audience', value: '{"clients":["{{client_email}}"]}', type: 'text' },
    ],
  }
}

/** Puts variables in place of what the examples of the API document name. */
const withVariables = (text: string): string =>
  text
    .replaceAll(/("setup_token": )"[^"]*"/g, '$1"{{setup_token}}"')
    .replaceAll(/("token": )"[^"]*"/g, '$1"{{mail_token}}"')
    .replaceAll(/("password": )"[^"]*"/g, '$1"{{password}}"')
    .replaceAll('ada@firm.example', '{{admin_email}}')
    .replaceAll('clara@customer.example', '{{client_email}}')
    .replaceAll(/"[A-Za-z0-9_-]{22}"/g, '"{{group_id}}"')

/** Lines that keep what an answer says for the requests after it. */
const carry: Record<string, string[]> = {
  opsSignIn: ["pm.collectionVariables.set('ops_token', pm.response.json().access_token);"],
  clientSignIn: ["pm.collectionVariables.set('client_token', pm.response.json().access_token);"],
  uploadFile: [
    'const file = pm.response.json();',
    "pm.collectionVariables.set('file_id', file.id);",
    "pm.collectionVariables.set('file_sha256', file.sha256);",
  ],
  issueLink: [
    'const link = pm.response.json();',
    "pm.collectionVariables.set('link_id', link.id);",
    "pm.collectionVariables.set('download_token', link.download_link.split('/').pop());",
  ],
  createGroup: ["pm.collectionVariables.set('group_id', pm.response.json().id);"],
  invite: ["pm.collectionVariables.set('invitation_id', pm.response.json().id);"],
  listClients: keepFirst('client_id'),
  listTeam: keepFirst('team_id'),
  opsSessions: keepFirst('session_id'),
  clientSessions: keepFirst('session_id'),
}

function keepFirst(variable: string): string[] {
  return [
    'const [first] = pm.response.json().items;',
    `if (first) pm.collectionVariables.set('${variable}', first.id);`,
  ]
}

/** Checks the status the API document promises, then carries on what later requests need. */
export const scriptsAfter = ({ operation }: OperationOf): string[] => {
  const wanted = Object.keys(operation.responses).filter(status => /^2\d\d$/.test(status))
  return [
    `pm.test('${operation.operationId} answers ${wanted.join(' or ')}', () => {`,
    `  pm.expect(pm.response.code).to.be.oneOf([${wanted.join(', ')}]);`,
    '});',
    ...(carry[operation.operationId] ?? []),
  ]
}

export const testOf = (exec: string[]): Event[] => [{ listen: 'test', script: { type: 'text/javascript', exec } }]
