import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Mail, MailName, Mails } from '../contract/mailbox.ts'
import { isLoopback } from './config-types.ts'
import { sameBytes, sha256 } from './crypto/hash.ts'
import { AppError } from './errors.ts'
import './http/request.ts'

type Stored = { name: string; from: string; to: string; subject: string; date: string; text: string }

type Options = {
  /** Newest first. */
  listMails: () => Promise<Stored[]>
  readMail: (name: string) => Promise<Stored | undefined>
  /** Made anew at each start and printed as `<public URL>/mailbox#<secret>`. */
  secret: string
  publicUrl: URL
  /** The address the server listens on, as configured. */
  host: string
}

/** Whatever came through a proxy came from elsewhere, however local its last step looks. */
const forwarding = /^(forwarded|via|x-forwarded-.*|x-real-ip)$/

/**
 * The development mailbox, `GET /api/v1/development/mails[/:name]`: mails hold live tokens, so it answers only this very
 * machine, asked directly and by its own name, and only to whoever read the secret from the terminal (gauntlet row 45).
 * Everything else is a plain 404, as if it did not exist. To be registered in development mode only.
 */
export const mailboxRoutes = (app: FastifyInstance, options: Options): void => {
  const { listMails, readMail, secret, publicUrl, host } = options
  const proof = sha256(`Bearer ${secret}`)

  const mayRead = ({ headers, socket }: FastifyRequest): boolean => {
    const asked = URL.canParse(`http://${headers.host}`) ? new URL(`http://${headers.host}`).hostname : ''
    const names = [publicUrl.hostname, host, socket.remoteAddress ?? '', asked]
    return (
      secret !== '' &&
      names.every(name => isLoopback(name.replace(/^::ffff:/, ''))) &&
      !Object.keys(headers).some(name => forwarding.test(name)) &&
      sameBytes(sha256(headers.authorization ?? ''), proof)
    )
  }
  const onRequest = async (request: FastifyRequest): Promise<void> => {
    if (!mayRead(request)) throw new AppError('not_found')
  }

  const routes = app.withTypeProvider<TypeBoxTypeProvider>()
  const config = { policy: 'public' } as const

  routes.get(
    '/api/v1/development/mails',
    { config, onRequest, schema: { hide: true, response: { 200: Mails } } },
    async () => ({ items: await listMails(), next_cursor: null }),
  )
  routes.get(
    '/api/v1/development/mails/:name',
    { config, onRequest, schema: { hide: true, params: MailName, response: { 200: Mail } } },
    async request => {
      const mail = await readMail(request.params.name)
      if (!mail) throw new AppError('not_found')
      return mail
    },
  )
}
