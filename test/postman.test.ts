import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import newman from 'newman'
import { collectionOf, printCollection, sampleDocument } from '../scripts/postman.ts'
import { startServer, type TestServer } from './server.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const file = `${root}docs/valise.postman_collection.json`

let server: TestServer
before(async () => {
  server = await startServer()
})
after(() => server.stop())

test('the collection in docs/ is what scripts/postman.ts makes of /openapi.json', async () => {
  const { body } = await server.client().get('/openapi.json')
  assert.equal(readFileSync(file, 'utf8'), printCollection(collectionOf(body)), 'run: node scripts/postman.ts')
  assert.deepEqual(readFileSync(`${root}docs/sample.docx`), sampleDocument())
})

test('the collection has every operation, in a folder of its tag', async () => {
  const { body } = await server.client().get('/openapi.json')
  const operations = Object.values<Record<string, unknown>>(body.paths).flatMap(item => Object.keys(item))
  const [, ...folders] = JSON.parse(readFileSync(file, 'utf8')).item
  assert.equal(
    folders.reduce((sum: number, folder: { item: unknown[] }) => sum + folder.item.length, 0),
    operations.length,
  )
})

const run = (variables: Record<string, string>): Promise<newman.NewmanRunSummary> =>
  new Promise((resolve, reject) => {
    newman.run(
      {
        collection: file,
        folder: 'The main job',
        workingDir: root,
        envVar: Object.entries(variables).map(([key, value]) => ({ key, value })),
        reporters: [],
        bail: true,
        timeout: 60_000,
      },
      (error, summary) => (error ? reject(error) : resolve(summary)),
    )
  })

const failuresOf = ({ run: { failures } }: newman.NewmanRunSummary): string[] =>
  failures.map(({ source, error }) => `${source?.name}: ${error.message}`)

test('newman runs the main job against a real server: twice, as people do', async () => {
  const variables = {
    base_url: server.url,
    setup_token: server.setupToken,
    mailbox_secret: server.mailboxSecret,
  }
  for (const _ of ['first', 'second']) {
    const summary = await run(variables)
    assert.deepEqual(failuresOf(summary), [])
    // Each step at least once, each with its checks.
    assert.ok((summary.run.stats.requests.total ?? 0) >= 11, `${summary.run.stats.requests.total} requests`)
    assert.ok((summary.run.stats.assertions.total ?? 0) >= 14, `${summary.run.stats.assertions.total} assertions`)
  }
})

test('the run fails where the server refuses', async () => {
  const summary = await run({ base_url: server.url, setup_token: 'wrong', mailbox_secret: 'wrong' })
  assert.match(failuresOf(summary).join('\n'), /the verification mail is in the mailbox|Find the verification mail/)
})
