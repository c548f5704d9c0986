import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { PASSWORD, setUpAdmin } from '../people.ts'
import { startServer, type TestServer } from '../server.ts'
import { rawGet } from './gauntlet/answers.ts'

let server: TestServer
before(async () => {
  server = await startServer()
})
after(() => server.stop())

const browser = {
  'sec-fetch-mode': 'navigate',
  'sec-fetch-site': 'none',
  accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
}

test('a person whose link leads nowhere reads a page, a program a problem document', async () => {
  await setUpAdmin(server)
  const client = server.client()
  const email = 'admin@firm.example'
  const login = { email, password: PASSWORD, transport: 'cookie' }
  assert.equal((await client.post('/api/v1/ops/login', login, { headers: client.browser })).status, 200)
  const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  for (const path of ['/nosuchpage', '/api/v1/nothing', '/download/garbage']) {
    const page = await rawGet(server, path, { ...browser, cookie })
    assert.equal(page.status, 404, path)
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/)
    assert.match(page.text, /<h1>Not found<\/h1>/)
    assert.doesNotMatch(page.text, /<script|style=|garbage|nosuchpage/)
    const program = await rawGet(server, path, { cookie })
    assert.equal(program.status, 404, path)
    assert.match(program.headers.get('content-type') ?? '', /^application\/problem\+json/)
  }
})

test('whoever reads German reads the page in German, with the server’s own words for this one case beside it', async () => {
  const german = { ...browser, 'accept-language': 'de-AT,en;q=0.5' }
  const gone = await rawGet(server, '/nosuchpage', german)
  assert.equal(gone.status, 404)
  assert.match(gone.text, /<html lang="de">/)
  assert.match(gone.text, /<h1>Das gibt es hier nicht<\/h1>\n<p>Es wurde gelöscht, ist nicht mehr für Sie bestimmt/)
  assert.doesNotMatch(gone.text, /lang="en"/)
  const elsewhere = await rawGet(server, '/', { ...german, host: '127.0.0.1:1' })
  assert.match(elsewhere.text, /<h1>Unter diesem Namen antwortet der Server nicht<\/h1>/)
  assert.match(elsewhere.text, /<p>Öffnen Sie den Dienst unter seiner richtigen Adresse\.<\/p>/)
  assert.ok(elsewhere.text.includes(`<p lang="en">Open ${server.url} instead.</p>`))
})

test('another name of this machine: the page says which address is the right one', async () => {
  const page = await rawGet(server, '/', { ...browser, host: '127.0.0.1:1' })
  assert.equal(page.status, 421)
  assert.match(page.headers.get('content-type') ?? '', /^text\/html/)
  assert.ok(page.text.includes(`Open ${server.url} instead.`))
})
