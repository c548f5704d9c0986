import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Type } from 'typebox'
import './http/request.ts'

type Options = {
  /** Where `npm run build` put the web app: `client.html`, `ops.html`, `assets/`. It may not be there (yet). */
  folder: string
  /** A new secret per page, base64url: only the style tags that our own script writes carry it. */
  newNonce: () => string
}

/** Every page of the app, by the entry that shows it. No catch-all: an unknown path under /api stays a problem document. */
const pages = {
  client: [
    '/',
    '/sign-in',
    '/sign-up',
    '/verify',
    '/forgot',
    '/reset',
    '/invitation',
    '/ops/sign-in',
    '/ops/forgot',
    '/documents',
    '/documents/*',
    '/links',
    '/sessions',
  ],
  ops: ['/setup', '/mailbox', '/ops', '/ops/*'],
} as const

/** Where vite.config.ts makes the build write the nonce. */
const PLACE = 'VALISE_NONCE'
const YEAR = '365d'
const NOT_BUILT =
  'The pages of Valise have not been built on this server: run "npm run build" and load this page again. The API and the command line work all the same.\n'

const policyWith = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/**
 * Serves the web app: `/assets/*`, whose names are hashes of their content, cached for ever; and its pages, never cached,
 * each with a policy that allows nothing but this origin. Without a build the pages answer 503 in a sentence. Reads nothing
 * before the first request; a build made later is found without a restart.
 */
export const servePages = async (app: FastifyInstance, { folder, newNonce }: Options): Promise<void> => {
  const config = { policy: 'public' } as const
  const templates = new Map<string, string[]>()

  /** The page's text around its nonces, kept once it could be read. */
  const templateOf = async (entry: string): Promise<string[] | undefined> => {
    const known = templates.get(entry)
    if (known) return known
    const text = await readFile(join(folder, `${entry}.html`), 'utf8').catch(() => undefined)
    const parts = text?.split(PLACE)
    if (parts) templates.set(entry, parts)
    return parts
  }

  const send = async (reply: FastifyReply, entry: string): Promise<FastifyReply> => {
    const parts = await templateOf(entry)
    reply.header('cache-control', 'no-store')
    if (!parts) return reply.code(503).header('retry-after', '60').type('text/plain; charset=utf-8').send(NOT_BUILT)
    const nonce = newNonce()
    return reply
      .header('content-security-policy', policyWith(nonce))
      .type('text/html; charset=utf-8')
      .send(parts.join(nonce))
  }

  await app.register(async scope => {
    await scope.register(fastifyStatic, {
      root: join(folder, 'assets'),
      serve: false,
      preCompressed: true,
      suppressWarning: true,
    })
    const Asset = Type.Object({
      name: Type.String({ pattern: '^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)+$', maxLength: 120 }),
    })
    const asset = Type.Any()
    scope.get<{ Params: { name: string } }>(
      '/assets/:name',
      { config, schema: { hide: true, params: Asset, response: { 200: asset, 206: asset, 304: asset } } },
      (request, reply) => {
        const options = { maxAge: YEAR, immutable: true, dotfiles: 'deny', index: false } as const
        return reply.sendFile(request.params.name, options)
      },
    )
    for (const [entry, paths] of Object.entries(pages)) {
      for (const path of paths) {
        const schema = { hide: true, response: { 200: Type.String(), 503: Type.String() } }
        scope.get(path, { config, schema }, (_request, reply) => send(reply, entry))
      }
    }
  })
}
