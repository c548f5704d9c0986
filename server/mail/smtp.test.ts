import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterEach, describe, it } from 'node:test'
import { type Mail, PermanentMailError, TransientMailError } from './deliver.ts'
import { RELAY_CERT, smtpError, startRelay } from './relay.testing.ts'
import { createSmtp } from './smtp.ts'

const mail: Mail = {
  id: 'AAAAAAAAAAAAAAAAAAAAAA',
  to: 'someone@example.org',
  subject: 'Grüße',
  text: 'Text\n',
  html: '<p>Text</p>',
}
const from = 'Valise <valise@example.org>'

describe('SMTP', () => {
  const ends: (() => Promise<void> | void)[] = []
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })
  const relayWith = async (options: Parameters<typeof startRelay>[0]) => {
    const relay = await startRelay(options)
    ends.push(relay.stop)
    return relay
  }
  const smtpTo = (url: string, ca?: string) => {
    const smtp = createSmtp({ url: new URL(url), from, ca })
    ends.push(smtp.close)
    return smtp
  }

  it('delivers one mail to one recipient, with a stable Message-ID', async () => {
    const relay = await relayWith({})
    const smtp = smtpTo(`smtp://localhost:${relay.port}`)
    await smtp.deliver(mail)
    await smtp.deliver(mail)
    assert.equal(relay.received.length, 2)
    for (const { from: sender, to, raw } of relay.received) {
      assert.equal(sender, 'valise@example.org')
      assert.deepEqual(to, ['someone@example.org'])
      assert.match(raw, /^Message-ID: <AAAAAAAAAAAAAAAAAAAAAA@example\.org>\r?$/m)
      assert.match(raw, /^From: Valise <valise@example\.org>\r?$/m)
      assert.match(raw, /^To: someone@example\.org\r?$/m)
      assert.match(raw, /^Auto-Submitted: auto-generated\r?$/m)
      assert.match(raw, /multipart\/alternative/)
    }
  })

  it('speaks plainly on loopback, whatever certificate is offered', async () => {
    const relay = await relayWith({ tls: 'expired' })
    await smtpTo(`smtp://localhost:${relay.port}`).deliver(mail)
    assert.equal(relay.received[0]?.secure, false)
  })

  it('upgrades when TLS is required', async () => {
    const relay = await relayWith({})
    await smtpTo(`smtp://localhost:${relay.port}?require_tls=true`, RELAY_CERT).deliver(mail)
    assert.equal(relay.received[0]?.secure, true)
  })

  it('speaks TLS from the first byte to smtps', async () => {
    const relay = await relayWith({ tls: 'immediate' })
    const smtp = smtpTo(`smtps://localhost:${relay.port}`, RELAY_CERT)
    await smtp.verify()
    await smtp.deliver(mail)
    assert.equal(relay.received[0]?.secure, true)
  })

  it('refuses a relay whose STARTTLS was stripped', async () => {
    const relay = await relayWith({ tls: 'none' })
    const smtp = smtpTo(`smtp://localhost:${relay.port}?require_tls=true`, RELAY_CERT)
    await assert.rejects(smtp.deliver(mail), TransientMailError)
    await assert.rejects(smtp.verify(), TransientMailError)
    assert.deepEqual(relay.received, [])
  })

  for (const tls of ['starttls', 'expired'] as const)
    it(`refuses a certificate it has no reason to trust (${tls})`, async () => {
      const relay = await relayWith({ tls })
      await assert.rejects(smtpTo(`smtp://localhost:${relay.port}?require_tls=true`).deliver(mail), TransientMailError)
      assert.deepEqual(relay.received, [])
    })

  it('signs in, and says when it cannot', async () => {
    const relay = await relayWith({ user: { name: 'me@example.org', password: 'p:w' } })
    await smtpTo(`smtp://me%40example.org:p%3Aw@localhost:${relay.port}?require_tls=true`, RELAY_CERT).deliver(mail)
    assert.equal(relay.received.length, 1)
    const wrong = smtpTo(`smtp://me%40example.org:hunter2@localhost:${relay.port}?require_tls=true`, RELAY_CERT)
    const problem = (error: Error) => error instanceof TransientMailError && /^EAUTH AUTH \w+ 535$/.test(error.message)
    await assert.rejects(wrong.deliver(mail), problem)
    await assert.rejects(wrong.verify(), problem)
  })

  const refusals = [
    [550, 'recipient', PermanentMailError],
    [450, 'recipient', TransientMailError],
    [554, 'message', PermanentMailError],
    [452, 'message', TransientMailError],
  ] as const
  for (const [code, what, type] of refusals)
    it(`takes ${code} about the ${what} as ${type.name}, without the address`, async () => {
      const refuse = () => {
        throw smtpError(code, `<${mail.to}> is not wanted`)
      }
      const relay = await relayWith(what === 'recipient' ? { onRcpt: refuse } : { onData: refuse })
      const isAnonymous = (error: Error) =>
        error instanceof type &&
        error.message.includes(String(code)) &&
        !JSON.stringify({ ...error, m: error.message }).includes('someone')
      await assert.rejects(smtpTo(`smtp://localhost:${relay.port}`).deliver(mail), isAnonymous)
      assert.deepEqual(relay.received, [])
    })

  it('waits for a relay that is not there', async () => {
    const relay = await startRelay()
    await relay.stop()
    await assert.rejects(smtpTo(`smtp://localhost:${relay.port}`).deliver(mail), TransientMailError)
  })

  it('waits for a relay that hangs up', async () => {
    const server = createServer(socket => socket.destroy()).listen(0, '127.0.0.1')
    ends.push(() => void server.close())
    await once(server, 'listening')
    const address = server.address()
    assert.ok(address !== null && typeof address === 'object')
    await assert.rejects(smtpTo(`smtp://localhost:${address.port}`).deliver(mail), TransientMailError)
  })

  describe('with hostile content', () => {
    const recipients = [
      'a@example.org\r\nBcc: b@example.org',
      'a@example.org\nRCPT TO:<b@example.org>',
      'a@example.org, b@example.org',
      'a@example.org;b@example.org',
      '<a@example.org>',
      'a <b@example.org>',
      'group:a@example.org;',
      '"a@example.org, b"@example.org',
      'a@b@example.org',
      'a@example.org\0',
      'a\u2028b@example.org',
      'a\u202eb@example.org',
      'a(b)@example.org',
      ' a@example.org',
      'example.org',
      '',
    ]
    it('refuses every recipient that is not one plain mailbox', async () => {
      const relay = await relayWith({})
      const smtp = smtpTo(`smtp://localhost:${relay.port}`)
      for (const to of recipients) await assert.rejects(smtp.deliver({ ...mail, to }), PermanentMailError, to)
      assert.deepEqual(relay.received, [])
    })

    it('refuses a subject of more than one line', async () => {
      const relay = await relayWith({})
      const smtp = smtpTo(`smtp://localhost:${relay.port}`)
      for (const subject of ['a\r\nBcc: b@example.org', 'a\nb', 'a\rb', 'a\0', 'a\u2028b'])
        await assert.rejects(smtp.deliver({ ...mail, subject }), PermanentMailError, subject)
      assert.deepEqual(relay.received, [])
    })

    it('keeps SMTP commands in a body a body', async () => {
      const relay = await relayWith({})
      const text = 'one\r\n.\r\nMAIL FROM:<x@example.org>\r\n..\r\n.two\n.\n'
      await smtpTo(`smtp://localhost:${relay.port}`).deliver({ ...mail, text })
      assert.equal(relay.received.length, 1)
      assert.match(relay.received[0]?.raw ?? '', /MAIL FROM:<x@example.org>\r\n\.\.\r\n\.two/)
    })

    it('refuses a sender that is not one mailbox', () => {
      for (const bad of ['', 'Valise', 'a@example.org, b@example.org', 'a@example.org\r\nBcc: b@example.org', '<>'])
        assert.throws(() => createSmtp({ url: new URL('smtp://localhost'), from: bad }), /one address/, bad)
    })
  })
})
