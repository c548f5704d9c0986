import type { OutgoingHttpHeaders } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { IssuedLink, IssueLink, Links as LinksPage } from '../../contract/links.ts'
import { Body, Empty, IdParams, ListOnly } from '../../contract/wire.ts'
import type { Actor } from '../accounts/policy.ts'
import { AppError, retryAfter } from '../errors.ts'
import type { Cookies } from '../http/cookies.ts'
import { isNavigation } from '../http/navigation.ts'
import { actorOf, whoOf } from '../http/request.ts'
import type { Typed } from '../http/typed.ts'
import { disposition, mediaTypes } from './disposition.ts'
import type { Links } from './links.ts'
import { select } from './range.ts'
import { createVisitor, isPrefetch } from './visitor.ts'

/** `/api/v1/client/…` */
export const clientLinkRoutes = (scope: FastifyInstance, links: Links): void => {
  const app: Typed = scope.withTypeProvider()
  app.post(
    '/files/:id/link',
    {
      schema: {
        summary: 'Get a download link that works only for me',
        params: IdParams,
        body: IssueLink,
        response: { 201: IssuedLink },
      },
      config: { policy: 'links:issue' },
      // All of it is optional, and so is the body.
      preValidation: (request, _reply, done) => {
        request.body ??= {}
        done()
      },
    },
    async (request, reply) => {
      const link = await links.issue(actorOf(request), whoOf(request), request.params.id, request.body)
      return reply.code(201).send(link)
    },
  )
  app.get(
    '/links',
    {
      schema: { summary: 'My live links', querystring: ListOnly, response: { 200: LinksPage } },
      config: { policy: 'links:read' },
    },
    request => links.list(actorOf(request).id, request.query),
  )
  app.delete(
    '/links/:id',
    {
      schema: { summary: 'Revoke one of my links', params: IdParams, response: { 204: Empty } },
      config: { policy: 'links:revoke' },
    },
    async (request, reply) => {
      await links.revoke(actorOf(request).id, whoOf(request), request.params.id)
      return reply.code(204).send(null)
    },
  )
}

type Public = { links: Links; cookies: Cookies; authenticate: (token: string) => Promise<Actor | undefined> }

/** A file that is opened in place of saved, by a browser that ignores `attachment`, still runs nothing and frames nowhere. */
const SANDBOX = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"

/** `GET` and `HEAD /download/:token`. */
export const downloadRoutes = (scope: FastifyInstance, { links, cookies, authenticate }: Public): void => {
  const visitor = createVisitor({ cookies, authenticate })

  const download = async (request: FastifyRequest, token: string, reply: FastifyReply): Promise<void> => {
    if (isPrefetch(request.headers)) {
      throw new AppError('unavailable', { detail: 'Links are not opened in advance.', headers: retryAfter(1) })
    }
    const actor = await visitor(request)
    if (!actor) {
      if (!isNavigation(request.headers)) throw new AppError('unauthenticated')
      reply.code(303).header('location', signInFor(token)).send()
      return
    }
    request.actor = actor
    const who = whoOf(request)
    const offer = await links.find(token, actor, who)
    const etag = `"${Buffer.from(offer.sha256).toString('hex')}"`
    const wished = select(request.method, request.headers, etag, offer.size)
    const whole = wished.status === 206 && (await links.isFragmented(offer, actor))
    const selection = whole ? select(request.method, {}, etag, offer.size) : wished
    if (selection.status === 416) {
      throw new AppError('range_not_satisfiable', { headers: { 'content-range': `bytes */${offer.size}` } })
    }
    const headers = {
      etag,
      'accept-ranges': 'bytes',
      'content-type': mediaTypes[offer.type],
      'content-disposition': disposition(offer.name),
      'content-security-policy': SANDBOX,
    }
    if (selection.status === 304) {
      reply.code(304).header('etag', etag).send()
      return
    }
    const { status, first, last } = selection
    const all: OutgoingHttpHeaders = { ...headers, 'content-length': last - first + 1 }
    if (status === 206) all['content-range'] = `bytes ${first}-${last}/${offer.size}`
    if (request.method === 'HEAD') reply.headers(all).send()
    else await links.deliver({ offer, actor, who, first, last, status, headers: all, request, reply })
  }

  const answer = async (request: FastifyRequest, token: string, reply: FastifyReply): Promise<void> => {
    try {
      await download(request, token, reply)
    } catch (error) {
      const dead = error instanceof AppError && error.code === 'not_found'
      throw dead
        ? new AppError('not_found', {
            detail:
              'This download link does not work here: it has expired, was withdrawn, or was made for somebody else than the account that is signed in. Open your documents and press Download there; if nothing is listed, sign in with the address to which the document was sent.',
            cause: error,
          })
        : error
    }
  }

  const app: Typed = scope.withTypeProvider()
  const file = Type.String({ format: 'binary', description: 'The file' })
  app.route({
    method: ['GET', 'HEAD'],
    url: '/download/:token',
    schema: {
      summary: 'Download the file of a link',
      params: Body({ token: Type.String() }),
      response: { 200: file, 206: file, 303: Empty, 304: Empty },
    },
    config: { policy: 'public' },
    handler: async (request, reply) => {
      await answer(request, request.params.token, reply)
      return reply
    },
  })
  // Longer than any token, or with slashes: the same order of checks, and then the same 404.
  app.route({
    method: ['GET', 'HEAD'],
    url: '/download/*',
    schema: { hide: true, response: { 200: file, 206: file, 303: Empty, 304: Empty } },
    config: { policy: 'public' },
    handler: async (request, reply) => {
      await answer(request, '', reply)
      return reply
    },
  })
}

/** The page that signs in and comes back. The token stands in the fragment, which browsers send to nobody. */
const signInFor = (token: string): string =>
  /^[A-Za-z0-9_.-]{1,512}$/.test(token) ? `/sign-in#/download/${token}` : '/sign-in'
