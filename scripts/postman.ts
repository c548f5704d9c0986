// Writes docs/valise.postman_collection.json from the API document of a server that it starts for the purpose, and the
// sample document that the collection uploads: node scripts/postman.ts
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serve } from '../server/serve.ts'
import { makeOffice } from '../test/office.ts'
import { steps } from './postman-job.ts'
import { type Api, headOf, type Item, type OperationOf, requestOf, scriptsAfter, testOf } from './postman-request.ts'

export type Collection = {
  info: { name: string; description: string; schema: string }
  item: (Item | { name: string; description?: string; item: Item[] })[]
  variable: { key: string; value: string; description?: string }[]
}

/** What people put in, and what requests hand on to later ones. */
const variables: Collection['variable'] = [
  { key: 'base_url', value: 'http://localhost:8080', description: 'What the server prints as Open' },
  {
    key: 'setup_token',
    value: '',
    description: 'What the server prints behind /setup#, until there is an administrator',
  },
  {
    key: 'mailbox_secret',
    value: '',
    description: 'What the server prints behind /mailbox#, while it has no mail relay',
  },
  { key: 'admin_email', value: 'ada@firm.example' },
  { key: 'client_email', value: '', description: 'Empty: the main job signs up a new one each time' },
  { key: 'password', value: 'correct horse battery staple' },
  ...[
    'ops_token',
    'client_token',
    'mail_token',
    'mail_name',
    'file_id',
    'upload_id',
    'file_sha256',
    'link_id',
    'download_token',
    'group_id',
    'client_id',
    'team_id',
    'session_id',
    'invitation_id',
  ].map(key => ({ key, value: '' })),
]

/** The collection for an API document (`/openapi.json`): the main job in order, then every operation in a folder of its tag. */
export const collectionOf = (api: Api): Collection => {
  const operations = operationsOf(api)
  const byId = new Map(operations.map(one => [one.operation.operationId, one]))
  const find = (id: string): OperationOf => {
    const found = byId.get(id)
    if (!found) throw new Error(`The API has no operation ${id}`)
    return found
  }
  return {
    info: {
      name: api.info.title,
      description: `${api.info.description}\n\nThe first folder is the main job: run it as a whole, against a server that was just started by \`npm start\`, with \`setup_token\` and \`mailbox_secret\` from what it printed. The others hold every operation, by topic.`,
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    item: [
      {
        name: 'The main job',
        description:
          'Set-up, sign-up, verification, sign-in, upload, list, link, download: each passes on what the next needs.',
        item: steps(find),
      },
      ...api.tags.map(({ name, description }) => ({
        name,
        description,
        item: operations
          .filter(({ operation }) => operation.tags.includes(name))
          .map(one => ({ ...headOf(one), event: testOf(scriptsAfter(one)), request: requestOf(one) })),
      })),
    ],
    variable: variables,
  }
}

const operationsOf = (api: Api): OperationOf[] =>
  Object.entries(api.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )

/** As it stands in the repository. */
export const printCollection = (collection: Collection): string => `${JSON.stringify(collection, null, 2)}\n`

/** A small, honest document; the same bytes each time. */
export const sampleDocument = (): Buffer => makeOffice({ type: 'docx', text: 'Handed over by Valise.' })

const write = async (): Promise<void> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'valise-collection-'))
  const server = await serve({
    env: { VALISE_PORT: '0', VALISE_LOG_LEVEL: 'error', VALISE_DATA_DIR: dataDir },
    print: () => {},
  })
  try {
    const answer = await fetch(`${server.url}/openapi.json`)
    const api: Api = JSON.parse(await answer.text())
    const docs = fileURLToPath(new URL('../docs/', import.meta.url))
    await writeFile(join(docs, 'valise.postman_collection.json'), printCollection(collectionOf(api)))
    await writeFile(join(docs, 'sample.docx'), sampleDocument())
  } finally {
    await server.stop()
    await rm(dataDir, { recursive: true })
  }
}

if (import.meta.main) await write()
