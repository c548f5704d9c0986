import assert from 'node:assert/strict'
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import type { Db } from '../db/schema.ts'
import { openSqlite } from '../db/sqlite.ts'
import { type Deliver, PermanentMailError, TransientMailError } from './deliver.ts'
import { createOutbox, type Outbox, type OutboxNeeds } from './outbox.ts'
import { type Received, smtpError, startRelay } from './relay.testing.ts'
import { createSmtp } from './smtp.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const TOKEN = 'dGhlLXRva2VuLW9mLXRoaXMtdGVzdC1pcy1zZWNyZXQ'
const message = { subject: 'Verify', text: `http://localhost/verify#${TOKEN}\n`, html: `<a href="#${TOKEN}">x</a>` }
const to = 'someone@example.org'

const key = randomBytes(32)
const seal = (id: string, bytes: Uint8Array): Uint8Array => {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 }).setAAD(Buffer.from(id))
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
}
const open = (id: string, sealed: Uint8Array): Uint8Array => {
  const cipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 })
  cipher.setAAD(Buffer.from(id)).setAuthTag(sealed.subarray(-16))
  return Buffer.concat([cipher.update(sealed.subarray(12, -16)), cipher.final()])
}

describe('The outbox', () => {
  let folder = ''
  let db: Db
  let time = 0
  let errors: unknown[] = []
  const ends: (() => Promise<void> | void)[] = []

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'valise-outbox-'))
    db = await openSqlite(join(folder, 'valise.db'))
    ends.push(() => rm(folder, { recursive: true }), db.close)
    time = 1_700_000_000_000
    errors = []
  })
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })

  const outboxWith = (needs: Partial<OutboxNeeds> & { deliver: Deliver }): Outbox =>
    createOutbox({
      db,
      seal,
      open,
      newId: () => randomBytes(16).toString('base64url'),
      now: () => time,
      jitter: () => 0.5,
      onError: error => errors.push(error),
      ...needs,
    })
  const relayWith = async (options: Parameters<typeof startRelay>[0] = {}) => {
    const relay = await startRelay(options)
    ends.push(relay.stop)
    return relay
  }
  const smtpTo = (port: number): Deliver => {
    const smtp = createSmtp({ url: new URL(`smtp://localhost:${port}`), from: 'valise@example.org' })
    ends.push(smtp.close)
    return smtp.deliver
  }
  const put = (outbox: Outbox, recipient: string | null = to): Promise<string> =>
    db.write(tx => outbox.enqueue(tx, { kind: 'verification', to: recipient, message }))
  const rowOf = (id: string) => db.read.selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const idsOf = (received: Received[]) => received.map(({ raw }) => /^Message-ID: <([^@]+)@/m.exec(raw)?.[1])

  it('delivers once and forgets the content', async () => {
    const relay = await relayWith()
    const accepted: string[] = []
    const outbox = outboxWith({
      deliver: smtpTo(relay.port),
      onAccepted: async (_tx, mail) => void accepted.push(`${mail.kind} ${mail.id}`),
    })
    const id = await put(outbox)
    assert.notEqual((await rowOf(id)).sealed, null)
    assert.equal(await outbox.work(), 1)
    assert.equal(await outbox.work(), 0)
    assert.deepEqual(idsOf(relay.received), [id])
    assert.deepEqual(relay.received[0]?.to, [to])
    assert.ok(relay.received[0]?.raw.includes(`http://localhost/verify#${TOKEN}`))
    const { sealed, accepted_at, failed_at, attempts } = await rowOf(id)
    assert.deepEqual(
      { sealed, accepted_at, failed_at, attempts },
      { sealed: null, accepted_at: time, failed_at: null, attempts: 1 },
    )
    assert.deepEqual(accepted, [`verification ${id}`])
    assert.deepEqual(errors, [])
  })

  it('sends nothing for a change that was rolled back', async () => {
    const outbox = outboxWith({ deliver: async () => assert.fail('sent') })
    const undone = db.write(async tx => {
      await outbox.enqueue(tx, { kind: 'verification', to, message })
      throw new Error('undone')
    })
    await assert.rejects(undone, /undone/)
    assert.equal(await outbox.work(), 0)
  })

  it('keeps neither token nor address readable in the database', async () => {
    const outbox = outboxWith({ deliver: async () => {} })
    await put(outbox)
    for (const file of await readdir(folder)) {
      const content = await readFile(join(folder, file))
      for (const secret of [TOKEN, to, 'Verify']) assert.equal(content.indexOf(secret), -1, `${secret} in ${file}`)
    }
  })

  it('opens no body that was moved to another mail', async () => {
    const delivered: string[] = []
    const outbox = outboxWith({ deliver: async mail => void delivered.push(mail.id) })
    const [a, b] = [await put(outbox), await put(outbox)]
    const { sealed } = await rowOf(a)
    await db.write(tx => tx.updateTable('outbox').set({ sealed }).where('id', '=', b).execute())
    await outbox.work()
    assert.deepEqual(delivered, [a])
    assert.equal((await rowOf(b)).accepted_at, null)
    assert.equal(errors.length, 1)
  })

  it('does the same for nobody, and sends nothing', async () => {
    const outbox = outboxWith({
      deliver: async () => assert.fail('sent'),
      onAccepted: async () => assert.fail('recorded'),
    })
    const id = await put(outbox, null)
    assert.notEqual((await rowOf(id)).sealed, null)
    assert.equal(await outbox.work(), 1)
    assert.equal((await rowOf(id)).sealed, null)
    assert.deepEqual(errors, [])
  })

  it('waits for a relay that is down', async () => {
    const down = await startRelay()
    await down.stop()
    const outbox = outboxWith({ deliver: smtpTo(down.port) })
    const id = await put(outbox)
    await outbox.work()
    const { sealed, next_attempt_at, last_error } = await rowOf(id)
    assert.notEqual(sealed, null)
    assert.equal(next_attempt_at, time + MINUTE)
    assert.match(last_error ?? '', /^E[A-Z]+/)

    const up = await relayWith({ port: down.port })
    time += MINUTE - 1
    assert.equal(await outbox.work(), 0)
    time += 1
    assert.equal(await outbox.work(), 1)
    assert.deepEqual(idsOf(up.received), [id])
    assert.equal((await rowOf(id)).attempts, 2)
  })

  it('gives up at once, aloud, when the recipient is refused', async () => {
    const relay = await relayWith({
      onRcpt: address => {
        throw smtpError(550, `no ${address} here`)
      },
    })
    const given: string[] = []
    const outbox = outboxWith({
      deliver: smtpTo(relay.port),
      onGivenUp: async (_tx, mail) => void given.push(`${mail.kind} ${mail.id} ${mail.error}`),
    })
    const id = await put(outbox)
    await outbox.work()
    const { sealed, failed_at, accepted_at, last_error } = await rowOf(id)
    assert.deepEqual({ sealed, failed_at, accepted_at }, { sealed: null, failed_at: time, accepted_at: null })
    assert.deepEqual(given, [`verification ${id} EENVELOPE RCPT TO 550`])
    assert.equal(last_error, 'EENVELOPE RCPT TO 550')
    time += DAY
    assert.equal(await outbox.work(), 0)
  })

  it('gives up after three days', async () => {
    let tries = 0
    const given: string[] = []
    const outbox = outboxWith({
      deliver: async () => {
        tries++
        throw new TransientMailError('away')
      },
      onGivenUp: async (_tx, mail) => void given.push(mail.id),
    })
    const id = await put(outbox)
    const start = time
    while (given.length === 0) {
      assert.equal(await outbox.work(), 1)
      time = Math.max(time, (await rowOf(id)).next_attempt_at)
    }
    assert.ok(tries > 30 && tries < 60, `${tries} tries`)
    assert.ok(((await rowOf(id)).failed_at ?? 0) - start <= 3 * DAY)
    assert.equal((await rowOf(id)).sealed, null)
  })

  it('records nothing of a failure it does not know but its name', async () => {
    const outbox = outboxWith({
      deliver: async mail => {
        throw new RangeError(`bug with ${mail.to}`)
      },
    })
    const id = await put(outbox)
    await outbox.work()
    assert.equal((await rowOf(id)).last_error, 'RangeError')
    assert.equal(errors.length, 1)
  })

  it('never has two workers send one mail', async () => {
    const relay = await relayWith()
    const other = await openSqlite(join(folder, 'valise.db'))
    ends.push(other.close)
    const workers = [db, other].map(mine => outboxWith({ db: mine, deliver: smtpTo(relay.port) }))
    const [first] = workers
    assert.ok(first)
    const ids = await Promise.all(Array.from({ length: 30 }, () => put(first)))
    await Promise.all(
      workers.map(async worker => {
        while ((await worker.work()) > 0) {}
      }),
    )
    assert.deepEqual(idsOf(relay.received).sort(), ids.sort())
  })

  it('sends again after a crash between acceptance and record, under the same Message-ID', async () => {
    const relay = await relayWith()
    const deliver = smtpTo(relay.port)
    const died = Promise.withResolvers<void>()
    const dying = outboxWith({
      deliver: async mail => {
        await deliver(mail)
        died.resolve()
        // A process that is gone neither records nor releases.
        await new Promise(() => {})
      },
    })
    const id = await put(dying)
    void dying.work()
    await died.promise
    const next = outboxWith({ deliver })
    time += 5 * MINUTE - 1
    assert.equal(await next.work(), 0)
    time += 1
    assert.equal(await next.work(), 1)
    assert.deepEqual(idsOf(relay.received), [id, id])
    assert.equal((await rowOf(id)).sealed, null)
  })

  it('records an acceptance that it could not record at first, without sending again', async () => {
    let sent = 0
    let full = true
    const outbox = outboxWith({
      deliver: async () => {
        sent++
      },
      onAccepted: async () => {
        if (full) throw new Error('disk full')
      },
    })
    const id = await put(outbox)
    await outbox.work()
    assert.notEqual((await rowOf(id)).sealed, null)
    assert.equal(errors.length, 1)
    full = false
    time += 5 * MINUTE
    await outbox.work()
    assert.equal((await rowOf(id)).accepted_at, time)
    assert.equal(sent, 1)
  })

  for (const error of [new TransientMailError('late'), new PermanentMailError('late')])
    it(`does not let a ${error.name} of a late worker undo what another one did`, async () => {
      const begun = Promise.withResolvers<void>()
      const answer = Promise.withResolvers<void>()
      const late = outboxWith({
        deliver: () => {
          begun.resolve()
          return answer.promise
        },
        onGivenUp: async () => assert.fail('given up'),
      })
      const id = await put(late)
      const working = late.work()
      await begun.promise
      time += 5 * MINUTE
      const again = Promise.withResolvers<void>()
      const other = outboxWith({ deliver: () => again.promise })
      const otherWorking = other.work()
      // The second claim stands once a look for mails finds none.
      while ((await rowOf(id)).attempts < 2) await new Promise(resolve => setImmediate(resolve))
      answer.reject(error)
      await working
      const claimed = await rowOf(id)
      assert.equal(claimed.next_attempt_at, time + 5 * MINUTE)
      assert.notEqual(claimed.sealed, null)
      again.resolve()
      await otherWorking
      assert.equal((await rowOf(id)).accepted_at, time)
      assert.deepEqual(errors, [])
    })

  it('sends a fresh mail as soon as it is woken, and stops when none is under way', { timeout: 10_000 }, async () => {
    const arrived = Promise.withResolvers<void>()
    const answer = Promise.withResolvers<void>()
    const relay = await relayWith({
      onData: () => {
        arrived.resolve()
        return answer.promise
      },
    })
    const outbox = outboxWith({ deliver: smtpTo(relay.port), pollEvery: 2 ** 30 })
    outbox.start()
    // Lets the first look, which finds nothing, go by.
    await db.write(async () => {})
    const id = await put(outbox)
    outbox.wake()
    await arrived.promise
    const stopping = outbox.stop()
    answer.resolve()
    await stopping
    assert.deepEqual(idsOf(relay.received), [id])
    assert.equal((await rowOf(id)).accepted_at, time)
  })

  it('finds what other processes wrote', { timeout: 10_000 }, async () => {
    const sent = Promise.withResolvers<void>()
    const outbox = outboxWith({ deliver: async () => sent.resolve(), pollEvery: 1 })
    outbox.start()
    await put(outboxWith({ deliver: async () => {} }))
    await sent.promise
    await outbox.stop()
  })

  it('drops old rows that are done, and no others', async () => {
    const outbox = outboxWith({
      deliver: async mail => {
        if (mail.to !== to) throw new TransientMailError('away')
      },
    })
    const [done, waiting] = [await put(outbox), await put(outbox, 'other@example.org')]
    await outbox.work()
    time += DAY
    const fresh = await put(outbox)
    await outbox.work()
    await outbox.prune(time)
    const left = await db.read.selectFrom('outbox').select('id').execute()
    assert.deepEqual(left.map(row => row.id).sort(), [waiting, fresh].sort())
    assert.ok(!left.some(row => row.id === done))
  })
})
