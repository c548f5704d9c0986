import { once } from 'node:events'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** A real SMTP server on loopback, for tests. */

/** Made for these tests alone: self-signed, for localhost, valid until 2126. Opens nothing anywhere. */
export const RELAY_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg+YSwpt8YnfgymiGG
SVp96d4g+GSUs9SrlyQBx5C6UhuhRANCAASzhdaBs0XsF4bYv+/XuSdEXpoy/E8a
FOyDOBQJFqohoVTvP85FnLSI3XIX06UOJ0ZJ3n9HGeCuDP/UcFAaL68g
-----END PRIVATE KEY-----`
export const RELAY_CERT = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUXEqdbiv3p9R65o736HJto05OgbkwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMDIzNTE0N1oYDzIxMjYxMDI3
MjM1MTQ3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASzhdaBs0XsF4bYv+/XuSdEXpoy/E8aFOyDOBQJFqohoVTvP85FnLSI
3XIX06UOJ0ZJ3n9HGeCuDP/UcFAaL68go28wbTAdBgNVHQ4EFgQUXxyurKMehZlR
kOuzA2gDgykhrTswHwYDVR0jBBgwFoAUXxyurKMehZlRkOuzA2gDgykhrTswDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIgBf+xqQhqXeOEKWf5sEuVmNTuM11azPctvDzWQII/FbICIQCa
xQCKNzS4Ggd/FJ7b+Ckaz8CErHF2B2bR5KViqqFP6g==
-----END CERTIFICATE-----`

export type Received = {
  from: string
  to: string[]
  /** The whole message as sent, headers first. */
  raw: string
  secure: boolean
}

type Options = {
  /** The port of an earlier relay, to come back on. */
  port?: number
  /** Offers STARTTLS (default), does not, or speaks TLS from the first byte. */
  tls?: 'starttls' | 'none' | 'immediate' | 'expired'
  /** Refuses a recipient by throwing; for the rest see smtp-server. */
  onRcpt?: (address: string) => void
  /** Runs when the message has arrived, before the relay answers. */
  onData?: (mail: Received) => Promise<void> | void
  user?: { name: string; password: string }
}

export const startRelay = async ({ port = 0, tls = 'starttls', onRcpt, onData, user }: Options = {}) => {
  const received: Received[] = []
  const certificate = tls === 'expired' ? {} : { key: RELAY_KEY, cert: RELAY_CERT }
  const options: SMTPServerOptions = {
    ...certificate,
    secure: tls === 'immediate',
    hideSTARTTLS: tls === 'none',
    disabledCommands: [...(tls === 'none' ? ['STARTTLS'] : []), ...(user ? [] : ['AUTH'])],
    authOptional: !user,
    closeTimeout: 100,
    onAuth: ({ username, password }, _session, done) =>
      username === user?.name && password === user?.password
        ? done(null, { user: username })
        : done(smtpError(535, 'bad credentials')),
    onRcptTo: ({ address }, _session, done) => {
      try {
        onRcpt?.(address)
        done()
      } catch (error) {
        done(error instanceof Error ? error : new Error('refused'))
      }
    },
    onData: async (stream, session, done) => {
      const chunks = await Array.fromAsync(stream)
      const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : ''
      const to = session.envelope.rcptTo.map(({ address }) => address)
      const mail = { from, to, raw: Buffer.concat(chunks).toString(), secure: session.secure }
      try {
        await onData?.(mail)
        received.push(mail)
        done()
      } catch (error) {
        done(error instanceof Error ? error : new Error('refused'))
      }
    },
  }
  const server = new SMTPServer(options)
  server.on('error', () => {})
  const listener = server.listen(port, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('The relay has no port')
  return {
    port: address.port,
    received,
    stop: () => new Promise<void>(resolve => server.close(() => resolve())),
  }
}

export type Relay = Awaited<ReturnType<typeof startRelay>>

/** What a handler throws to refuse with that code. */
export const smtpError = (responseCode: number, message: string): Error =>
  Object.assign(new Error(message), { responseCode })
