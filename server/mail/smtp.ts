import { createTransport } from 'nodemailer'
import { compose, parseSender } from './compose.ts'
import { type Deliver, PermanentMailError, TransientMailError } from './deliver.ts'
import { parseSmtpUrl } from './smtp-url.ts'

/** Milliseconds. The last one bounds a delivery as a whole: a relay that drips bytes would pass all the others. */
const TIMEOUTS = { dns: 10_000, connection: 10_000, greeting: 10_000, socket: 30_000, delivery: 110_000 }

/**
 * Delivery to a relay: `url` as in `parseSmtpUrl`, `from` is `Name <address>`. Connections are kept and shared. `ca` is a PEM
 * to trust instead of the system's. Throws at once on a bad `url` or `from`.
 */
export const createSmtp = ({ url, from, ca }: { url: URL; from: string; ca?: string }) => {
  const { host, port, secure, requireTls, auth } = parseSmtpUrl(url)
  const sender = parseSender(from)
  const transport = createTransport({
    pool: true,
    maxConnections: 4,
    maxRequeues: 1,
    host,
    port,
    secure,
    auth,
    requireTLS: requireTls,
    // Where TLS is not required (loopback, or said so), a self-signed certificate must not be what stops mail.
    ignoreTLS: !secure && !requireTls,
    tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
    dnsTimeout: TIMEOUTS.dns,
    connectionTimeout: TIMEOUTS.connection,
    greetingTimeout: TIMEOUTS.greeting,
    socketTimeout: TIMEOUTS.socket,
    disableFileAccess: true,
    disableUrlAccess: true,
  })

  const deliver: Deliver = async mail => {
    const message = compose(mail, sender)
    try {
      await transport.sendMail({ ...message, signal: AbortSignal.timeout(TIMEOUTS.delivery) })
    } catch (error) {
      throw judge(error)
    }
  }

  return {
    deliver,
    /** Connects, upgrades and signs in, as a delivery would. Rejects with the same errors. */
    verify: async (): Promise<void> => {
      try {
        await transport.verify()
      } catch (error) {
        throw judge(error)
      }
    },
    /** Ends idle connections; to be called when no delivery is under way. */
    close: (): void => transport.close(),
  }
}

/**
 * A 5yz answer about the recipient (RCPT) or the message (DATA) is final (RFC 5321 §4.2.1). One about the connection, the
 * credentials or the sender is a mistake in the settings here, which someone will mend: worth waiting for.
 */
const judge = (error: unknown): Error => {
  const { code, command, responseCode } = factsOf(error)
  const summary = [code ?? 'error', command, responseCode].filter(fact => fact !== undefined).join(' ')
  const final = responseCode !== undefined && responseCode >= 500 && responseCode < 600
  const about = command === 'RCPT TO' || command === 'DATA'
  return final && about ? new PermanentMailError(summary) : new TransientMailError(summary)
}

/** The parts of nodemailer's errors that hold no address: its messages repeat the relay's answer, which does. */
const factsOf = (error: unknown) => {
  if (!(error instanceof Error)) return {}
  const text = (value: unknown) =>
    typeof value === 'string' && /^[A-Z][A-Z0-9_ -]{0,30}$/.test(value) ? value : undefined
  return {
    code: 'code' in error ? text(error.code) : undefined,
    command: 'command' in error ? text(error.command) : undefined,
    responseCode: 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : undefined,
  }
}
