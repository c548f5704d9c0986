import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Answer } from '../../client.ts'
import { PASSWORD, setUpAdmin } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'

let server: TestServer
before(async () => {
  // Each request from an address of its own, as 400 people would send them: the limits by IP are not the subject here.
  server = await startServer({ env: { VALISE_TRUSTED_PROXIES: '127.0.0.1' } })
  await setUpAdmin(server)
})
after(() => server.stop())

let requests = 0
const fromElsewhere = () => {
  requests++
  return { 'x-forwarded-for': `10.${(requests >> 16) & 255}.${(requests >> 8) & 255}.${requests & 255}` }
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const variance = (values: number[]) => {
  const middle = mean(values)
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1)
}
/** The fastest nine tenths: what is slower was slow for reasons of the machine, and hides a difference rather than makes one. */
const trimmed = (values: number[]) => values.toSorted((a, b) => a - b).slice(0, Math.floor(values.length * 0.9))
const welch = (a: number[], b: number[]): number => {
  const [one, two] = [trimmed(a), trimmed(b)]
  return Math.abs(mean(one) - mean(two)) / Math.sqrt(variance(one) / one.length + variance(two) / two.length)
}

type Probe = (email: string) => Promise<Answer>

/** Known and unknown addresses in turn, each used once, so that no limit by address plays a part. */
const compare = async (probe: Probe, known: string[], unknown: string[]) => {
  const times = { known: [] as number[], unknown: [] as number[] }
  const answers = new Set<string>()
  for (const [i, email] of known.entries()) {
    const pair = [['known', email] as const, ['unknown', unknown[i] ?? ''] as const]
    for (const [kind, address] of i % 2 === 0 ? pair : pair.reverse()) {
      const began = performance.now()
      const answer = await probe(address)
      times[kind].push(performance.now() - began)
      answers.add(JSON.stringify([answer.status, answer.text, [...answer.headers.keys()].sort()]))
    }
  }
  return { t: welch(times.known, times.unknown), answers: [...answers] }
}

const post = (path: string, json: unknown) => server.client().post(path, json, { headers: fromElsewhere() })
const probes: [string, number, Probe][] = [
  ['forgot', 200, email => post('/api/v1/client/password/forgot', { email })],
  ['resend', 200, email => post('/api/v1/client/verify/resend', { email })],
  ['sign-in', 100, email => post('/api/v1/client/login', { email, password: 'not the password' })],
  ['sign-up', 150, email => post('/api/v1/client/signup', { email, name: 'Somebody', password: PASSWORD })],
]

for (const [name, count, probe] of probes) {
  test(`${name}: neither answer nor time tells whether an address has an account`, async () => {
    const { addUser } = server.app.accounts
    const outcomes: number[] = []
    // A real difference shows every time; a busy machine can make one of three look like it.
    for (let round = 0; round < 3; round++) {
      const addresses = Array.from({ length: count }, (_, i) => `${name}${round}x${String(i).padStart(3, '0')}`)
      const known = addresses.map(local => `${local}@known.example`)
      const unknown = addresses.map(local => `${local}@other.example`)
      const password = name === 'sign-in' ? PASSWORD : undefined
      for (const email of known) await addUser({ role: 'client', email, name: 'Known', admin: false, password })
      const { t, answers } = await compare(probe, known, unknown)
      assert.equal(answers.length, 1, answers.join('\n'))
      outcomes.push(t)
      if (t < 4.5) return
    }
    assert.fail(`Welch t ${outcomes.map(t => t.toFixed(1)).join(', ')}`)
  })
}

test('a sign-up of a known address looks no different at the next sign-in', async () => {
  const [known, unknown] = ['next@known.example', 'next@other.example']
  await server.app.accounts.addUser({ role: 'client', email: known, name: 'K', admin: false, password: PASSWORD })
  const outcomes = []
  for (const email of [known, unknown]) {
    await post('/api/v1/client/signup', { email, name: 'Somebody', password: 'a phrase of a stranger' })
    const right = await post('/api/v1/client/login', { email, password: 'a phrase of a stranger' })
    const wrong = await post('/api/v1/client/login', { email, password: 'another phrase' })
    outcomes.push([right.status, right.text, wrong.status, wrong.text])
  }
  assert.deepEqual(outcomes[0], outcomes[1])
})
