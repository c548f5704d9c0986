import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Client } from '../../client.ts'
import { makeOffice } from '../../office.ts'
import { joinOps, setUpAdmin } from '../../people.ts'
import { startServer } from '../../server.ts'
import { enlist } from '../gauntlet/cast.ts'

export const HOUR = 3_600_000
export const DAY = 24 * HOUR

/**
 * A server with a clock of its own, an administrator, an ops person and two clients. `later` moves the clock and runs what the
 * server would have run by itself meanwhile.
 */
export const openScene = async (t: TestContext, env: Record<string, string> = {}) => {
  const clock = { ahead: 0 }
  const now = () => Date.now() + clock.ahead
  const server = await startServer({ env: { VALISE_SESSION_IDLE: '360d', VALISE_SESSION_MAX: '360d', ...env }, now })
  t.after(() => server.stop())
  const admin = await setUpAdmin(server)
  const otto = await joinOps(server, admin, 'otto@firm.example')
  const clara = await enlist(server, 'client', 'clara@customer.example', { name: 'Clara Client' })
  const carl = await enlist(server, 'client', 'carl@customer.example', { name: 'Carl Client' })
  const { handoffs, files } = server.app

  const settle = async () => {
    while (await handoffs.notifier.work());
  }
  return {
    server,
    admin,
    otto,
    clara,
    carl,
    now,
    settle,
    later: async (ms: number) => {
      clock.ahead += ms
      await files.expire()
      await files.eraseExpired()
      await handoffs.remindBeforeEnd()
      await settle()
    },
    upload: async (name: string, by: Client = otto): Promise<string> => {
      const { status, body, text } = await by.upload(name, makeOffice({ type: 'docx', text: name }))
      assert.equal(status, 201, text)
      return body.id
    },
    /** Hands over and waits until everybody is told. */
    handOver: async (wish: object, by: Client = otto) => {
      const answer = await by.post('/api/v1/ops/handoffs', wish)
      await settle()
      return answer
    },
    fetch: async (client: Client, id: string) => {
      const { status, body, text } = await client.post(`/api/v1/client/files/${id}/link`, {})
      assert.equal(status, 201, text)
      const answer = await client.get(new URL(body.download_link).pathname)
      assert.equal(answer.status, 200)
      // What is recorded after the last byte.
      while ((await client.get(`/api/v1/client/files/${id}`)).body.delivery.delivered_at === null);
      return answer.body
    },
    mailsTo: async (address: string, subject: RegExp) => {
      await settle()
      return (await server.mailsTo(address)).filter(mail => subject.test(mail.subject))
    },
    events: async (kind: string) => (await admin.get(`/api/v1/ops/audit?kind=${kind}`)).body.items,
    deliveries: async (id: string, by: Client = otto) =>
      (await by.get(`/api/v1/ops/files/${id}/deliveries`)).body.items.sort(
        (a: { client: { email: string } }, b: { client: { email: string } }) =>
          a.client.email < b.client.email ? -1 : 1,
      ),
  }
}
