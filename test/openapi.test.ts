import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { chromium } from 'playwright-core'
import Schema from 'typebox/schema'
import { operations, tags } from '../server/openapi-operations.ts'
import { startServer, type TestServer } from './server.ts'

// biome-ignore lint/suspicious/noExplicitAny: the document is read as whatever it is
type Json = any

let server: TestServer
let document: Json
before(async () => {
  server = await startServer()
  const answer = await server.client().get('/openapi.json')
  assert.equal(answer.status, 200)
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json/)
  document = answer.body
})
after(() => server.stop())

type Found = { name: string; path: string; method: string; operation: Json }
const found = (): Found[] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item as Json).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      path,
      method,
      operation,
    })),
  )

/** What is served and is no API: pages and their parts, this document, the mailbox of a development server. */
const noApi =
  /^\/(openapi\.json|docs(\/.*)?|assets\/.*|download\/\*|api\/v1\/development\/.*|(ops|documents)(\/\*|\/[a-z-]+)?|[a-z-]*)$/

/** `GET /api/v1/…/{id}` of every route the server has, and whether it hides from the document. */
const routes = () =>
  server.app.http.routeTable.flatMap(({ method, url, schema }) =>
    [method].flat().map(one => ({
      name: `${one} ${url.replaceAll(/:([a-z_]+)/g, '{$1}')}`,
      url,
      hidden: schema?.hide === true,
    })),
  )

test('every route is in the document or is no API, and the document has no others', () => {
  const shown = routes().filter(({ name, hidden }) => {
    // Every GET answers HEAD; only the download's is worth a word, and that of an upload, which has no GET.
    const implied = name.startsWith('HEAD ') && !/^HEAD (\/download\/|\/api\/v1\/ops\/uploads\/)/.test(name)
    return !hidden && !implied
  })
  assert.ok(shown.length > 40, `only ${shown.length} routes were found`)
  assert.deepEqual(
    found()
      .map(({ name }) => name)
      .sort(),
    shown.map(({ name }) => name).sort(),
  )
  assert.deepEqual(
    routes().filter(({ url, hidden }) => hidden && !noApi.test(url)),
    [],
  )
})

test('every operation has its row of the table, and every row its operation', () => {
  assert.deepEqual(
    found()
      .map(({ name }) => name)
      .sort(),
    Object.keys(operations).sort(),
  )
})

test('the document has the form of OpenAPI 3.1', () => {
  assert.match(document.openapi, /^3\.1\.\d+$/)
  assert.equal(typeof document.info.title, 'string')
  assert.equal(typeof document.info.version, 'string')
  assert.deepEqual(document.servers, [{ url: server.url }])
  const ids = new Set<string>()
  for (const { name, path, operation } of found()) {
    assert.match(path, /^\//)
    assert.ok(operation.operationId, `${name} has no id`)
    assert.ok(!ids.has(operation.operationId), `${operation.operationId} twice`)
    ids.add(operation.operationId)
    assert.ok(operation.summary, `${name} has no summary`)
    assert.ok(operation.tags.length === 1 && operation.tags[0] in tags, `${name} has tag ${operation.tags}`)
    const declared = (operation.parameters ?? []).filter((one: Json) => one.in === 'path')
    assert.deepEqual(
      declared.map((one: Json) => [one.name, one.required]),
      [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => [parameter, true]),
      name,
    )
    for (const parameter of operation.parameters ?? []) {
      assert.ok(['path', 'query'].includes(parameter.in), name)
      assert.equal(typeof parameter.schema, 'object', name)
    }
    for (const [status, answer] of Object.entries<Json>(operation.responses)) {
      assert.match(status, /^([1-5]\d\d|[1-5]XX)$/)
      assert.ok(answer.description.length > 3, `${name} does not say what ${status} means`)
    }
  }
})

test('every reference leads somewhere, and nothing is left of OpenAPI 3.0', () => {
  const walk = (value: Json, at: string): void => {
    if (typeof value !== 'object' || value === null) return
    if (typeof value.$ref === 'string') {
      const target = value.$ref
        .split('/')
        .slice(1)
        .reduce((node: Json, key: string) => node?.[key], document)
      assert.equal(typeof target, 'object', `${at}: ${value.$ref}`)
    }
    if (!at.endsWith('properties')) assert.ok(!('nullable' in value), at)
    for (const [key, member] of Object.entries(value)) walk(member, `${at}/${key}`)
  }
  walk(document, '#')
})

test('refusals and failures are problem documents everywhere', () => {
  for (const { name, operation } of found()) {
    const errors = Object.entries<Json>(operation.responses).filter(([status]) => /^[45]/.test(status))
    assert.ok(
      ['4XX', '5XX'].every(status => status in operation.responses),
      name,
    )
    for (const [, answer] of errors) {
      assert.deepEqual(Object.keys(answer.content), ['application/problem+json'], name)
      assert.deepEqual(answer.content['application/problem+json'].schema, { $ref: '#/components/schemas/Problem' })
    }
  }
})

test('credentials are said for every operation, by schemes that exist', () => {
  for (const { name, path, operation } of found()) {
    const schemes = operation.security.flatMap((one: Json) => Object.keys(one))
    for (const scheme of schemes) assert.ok(scheme in document.components.securitySchemes, `${name}: ${scheme}`)
    const door = /^\/api\/v1\/(ops|client)\//.exec(path)?.[1]
    if (path.startsWith('/download/')) assert.deepEqual(schemes, ['bearer', 'clientCookie'])
    else if (operation.tags[0] === 'Getting in' || door === undefined) assert.deepEqual(schemes, [], name)
    else assert.deepEqual(schemes, ['bearer', `${door}Cookie`], name)
  }
})

test('what needs no session according to the document answers without one, the rest 401', async () => {
  const anonymous = server.client()
  for (const { name, path, method, operation } of found()) {
    if (method === 'head') continue
    const url = path.replaceAll(/\{\w+\}/g, 'q83vEjRWeJCrze8SNFZ4kA')
    const { status } = await anonymous.request(url, { method: method.toUpperCase() })
    if (operation.security.length > 0) assert.equal(status, 401, name)
    else assert.notEqual(status, 401, name)
  }
})

const inline = (value: Json): Json => {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(inline)
  if (typeof value.$ref === 'string')
    return inline(
      value.$ref
        .split('/')
        .slice(1)
        .reduce((node: Json, key: string) => node[key], document),
    )
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, inline(member)]))
}

test('every JSON body has an example, and the schema that validates accepts it', () => {
  for (const { name, operation } of found()) {
    const media = operation.requestBody?.content?.['application/json']
    if (media === undefined) continue
    assert.ok(media.example !== undefined, `${name} has no example`)
    assert.ok(Schema.Check(inline(media.schema), media.example), `${name}: ${JSON.stringify(media.example)}`)
    assert.equal(media.schema.additionalProperties, false, `${name} would take unknown fields`)
  }
})

test('the upload is a form with a file, the download is bytes', () => {
  const upload = document.paths['/api/v1/ops/files'].post
  assert.deepEqual(Object.keys(upload.requestBody.content), ['multipart/form-data'])
  const form = upload.requestBody.content['multipart/form-data'].schema
  assert.deepEqual(form.required, ['file'])
  assert.equal(form.properties.file.format, 'binary')
  assert.equal(form.properties.audience.type, 'object')
  const { responses } = document.paths['/download/{token}'].get
  for (const status of ['200', '206'])
    assert.deepEqual(Object.keys(responses[status].content), ['application/octet-stream'])
  assert.equal(document.paths['/api/v1/client/files/{id}/link'].post.requestBody.required, false)
})

test('answers have what the document says they have', async () => {
  const answer = await server.client().get('/healthz')
  const { schema } = document.paths['/healthz'].get.responses['200'].content['application/json']
  assert.ok(Schema.Check(inline(schema), answer.body))
  const refused = await server.client().get('/api/v1/ops/me')
  assert.ok(Schema.Check(inline(document.components.schemas.Problem), refused.body))
  assert.match(refused.headers.get('content-type') ?? '', /^application\/problem\+json/)
})

const browser = '/usr/bin/chromium'
const skip = existsSync(browser) || process.env.CI ? false : `needs Chromium at ${browser}`

test('Swagger UI works under its content policy and asks no other host', { skip }, async () => {
  const chrome = await chromium.launch({ executablePath: browser, args: ['--no-sandbox'] })
  try {
    const page = await chrome.newPage()
    const said: string[] = []
    const asked: string[] = []
    page.on('console', message => said.push(message.text()))
    page.on('pageerror', error => said.push(error.message))
    page.on('request', request => asked.push(request.url()))
    const answer = await page.goto(`${server.url}/docs`)
    assert.match(answer?.headers()['content-security-policy'] ?? '', /^default-src 'none'; script-src 'self';/)
    await page.locator('.opblock').first().waitFor()
    assert.equal(await page.locator('.opblock').count(), found().length)
    await page.locator('#operations-Health-healthz .opblock-summary-control').click()
    await page.locator('#operations-Health-healthz button.execute').click()
    const live = page.locator('#operations-Health-healthz .live-responses-table tr.response .response-col_status')
    assert.match((await live.first().textContent()) ?? '', /^200/)
    assert.deepEqual(said, [])
    assert.deepEqual(
      asked.filter(url => !url.startsWith('data:') && new URL(url).origin !== server.url),
      [],
    )
  } finally {
    await chrome.close()
  }
})
