// `npm run demo`: the server on a folder of its own, with people and documents to look at. Loopback only, like any start
// without a mail relay. The passwords are made here, kept beside the data and printed each time.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError, environment } from '../server/config.ts'
import { newSecret, systemRandom } from '../server/crypto/random.ts'
import { fail } from '../server/main.ts'
import { makePrivate } from '../server/private-files.ts'
import { type Running, serve } from '../server/serve.ts'
import { makeOffice } from '../test/office.ts'

const env = environment()
const dataDir = env.VALISE_DATA_DIR ?? './data-demo'
const signInsFile = join(dataDir, 'sign-ins.json')

type Person = { role: 'ops' | 'client'; name: string; email: string; password: string }

const people = (): Person[] => {
  const password = () => newSecret(systemRandom).slice(0, 16)
  return [
    { role: 'ops', name: 'Olivia Ops', email: 'olivia@firm.example', password: password() },
    { role: 'client', name: 'Clara Client', email: 'clara@customer.example', password: password() },
    { role: 'client', name: 'Cem Client', email: 'cem@customer.example', password: password() },
  ]
}

type Answered = { id: string; access_token: string }

const call = async (running: Running, path: string, token: string, init: RequestInit): Promise<Answered> => {
  const headers = {
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(init.body instanceof FormData ? {} : { 'content-type': 'application/json' }),
  }
  const response = await fetch(`${running.url}/api/v1/ops/${path}`, { ...init, headers })
  const text = await response.text()
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`)
  return JSON.parse(text)
}

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString()

const fill = async (running: Running, all: Person[]): Promise<void> => {
  for (const person of all) await running.app.accounts.addUser({ ...person, admin: person.role === 'ops' })
  const [ops, clara, cem] = all
  if (!ops || !clara || !cem) throw new Error('The demo lost its people')
  const post = (path: string, token: string, json: unknown, method = 'POST') =>
    call(running, path, token, { method, body: JSON.stringify(json) })
  const { access_token: token } = await post('login', '', { email: ops.email, password: ops.password })
  const group = await post('groups', token, { name: 'Customer Ltd' })
  await post(`groups/${group.id}/members`, token, { clients: [clara.email, cem.email] }, 'PUT')
  const documents = [
    {
      name: 'Engagement letter.docx',
      bytes: makeOffice({ type: 'docx', text: 'Engagement letter for Customer Ltd' }),
      handoff: { audience: { groups: [group.id] }, note: 'Please sign page 2 and keep a copy.' },
    },
    {
      name: 'Annual accounts 2026.xlsx',
      bytes: makeOffice({ type: 'xlsx', text: 'Annual accounts' }),
      handoff: { audience: { clients: [clara.email] }, expires_at: inDays(14), tell_me: true },
    },
    {
      name: 'Welcome.pptx',
      bytes: makeOffice({ type: 'pptx', text: 'Welcome to Valise' }),
      handoff: { audience: { everyone: true } },
    },
  ]
  for (const { name, bytes, handoff } of documents) {
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(bytes)]), name)
    const file = await call(running, 'files', token, { method: 'POST', body: form })
    await post('handoffs', token, { ...handoff, files: [file.id] })
    console.log(`  handed over  ${name}`)
  }
}

const start = async (): Promise<Running> => {
  makePrivate(dataDir)
  if (!existsSync(signInsFile)) {
    if (existsSync(join(dataDir, 'valise.sqlite'))) {
      throw new ConfigError([`VALISE_DATA_DIR is ${dataDir}: its data is not the demo's; choose an empty folder`])
    }
    // Before there is any data: a start that fails, on a port that is taken, leaves a folder that is known as the demo's.
    writeFileSync(signInsFile, JSON.stringify(people(), null, 2), { mode: 0o600 })
  }
  return serve({ env: { VALISE_LOG_LEVEL: 'warn', ...env, VALISE_DATA_DIR: dataDir }, print: () => {} })
}

const show = async (running: Running): Promise<void> => {
  console.log(`Valise demo\n\n  Open       ${running.url}`)
  console.log(`  Mail       ${running.url}/mailbox#${running.mailboxSecret}\n`)
  const signIns: Person[] = JSON.parse(readFileSync(signInsFile, 'utf8'))
  if ((await running.app.accounts.listUsers()).length === 0) await fill(running, signIns)
  console.log('\nSign in as')
  for (const { role, name, email, password } of signIns)
    console.log(`  ${role.padEnd(6)}  ${email.padEnd(24)} ${password}   ${name}`)
  console.log('\nCtrl+C ends it; the demo keeps its data in', dataDir)
}

try {
  const running = await start()
  const end = () => void running.stop().then(() => process.exit(0))
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
  await show(running)
} catch (error) {
  fail(error)
}
