import type { FastifyInstance } from 'fastify'
import { Problem } from '../../contract/errors.ts'
import * as contract from '../../contract/files.ts'
import { Overview } from '../../contract/overview.ts'
import { Empty, IdParams, ListOnly } from '../../contract/wire.ts'
import { AppError } from '../errors.ts'
import { actorOf, ownerOf, whoOf } from '../http/request.ts'
import type { Typed } from '../http/typed.ts'
import type { Files } from './files.ts'

const requireForm = ({ headers }: { headers: { 'content-type'?: string } }): void => {
  if (!headers['content-type']?.toLowerCase().startsWith('multipart/form-data'))
    throw new AppError('unsupported_media_type', { detail: 'Send multipart/form-data with a part named file.' })
}

/** `/api/v1/ops/files…` */
export const opsFileRoutes = (scope: FastifyInstance, files: Files): void => {
  const app: Typed = scope.withTypeProvider()

  // Multipart stays a stream: busboy reads it, nothing buffers it.
  scope.register(async upload => {
    upload.addContentTypeParser('multipart/form-data', (_request, _payload, done) => done(null))
    upload.post(
      '/files',
      {
        schema: {
          summary: 'Upload a file',
          consumes: ['multipart/form-data'],
          response: { 201: contract.File, 422: Problem },
        },
        config: { policy: 'files:upload' },
      },
      async (request, reply) => {
        requireForm(request)
        const id = await files.upload(request.raw, { actor: actorOf(request), who: whoOf(request) })
        return reply.code(201).send(await files.get(id, undefined))
      },
    )
    upload.post(
      '/inspect',
      {
        schema: {
          summary: 'What an upload would find',
          consumes: ['multipart/form-data'],
          response: { 200: contract.InspectReport },
        },
        config: { policy: 'files:upload' },
      },
      async (request, reply) => {
        requireForm(request)
        return reply.send(await files.inspect(request.raw, { actor: actorOf(request), who: whoOf(request) }))
      },
    )
  })
  app.post(
    '/files/:id/release',
    {
      schema: {
        summary: 'Let a file go without the malware scanner',
        params: IdParams,
        response: { 200: contract.File },
      },
      config: { policy: 'files:release' },
    },
    async request => {
      await files.malware.release(request.params.id, whoOf(request))
      return files.get(request.params.id, ownerOf(request))
    },
  )

  app.get(
    '/files',
    {
      schema: { summary: 'List files', querystring: contract.ListFiles, response: { 200: contract.Files } },
      config: { policy: 'files:read' },
    },
    request => files.list(request.query, ownerOf(request)),
  )
  app.get(
    '/files/:id',
    {
      schema: { summary: 'A file', params: IdParams, response: { 200: contract.File } },
      config: { policy: 'files:read' },
    },
    request => files.get(request.params.id, ownerOf(request)),
  )
  app.patch(
    '/files/:id',
    {
      schema: {
        summary: 'Give a file another end, or say whether to be told of it',
        params: IdParams,
        body: contract.ChangeFile,
        response: { 200: contract.File },
      },
      config: { policy: 'files:change' },
    },
    async request => {
      const { id } = request.params
      await files.change(id, ownerOf(request), request.body, whoOf(request))
      return files.get(id, ownerOf(request))
    },
  )
  app.delete(
    '/files/:id',
    {
      schema: { summary: 'Delete a file for good', params: IdParams, response: { 204: Empty } },
      config: { policy: 'files:delete' },
    },
    async (request, reply) => {
      await files.remove(request.params.id, ownerOf(request), whoOf(request))
      return reply.code(204).send(null)
    },
  )
  app.put(
    '/files/:id/audience',
    {
      schema: {
        summary: 'Replace who may see a file',
        params: IdParams,
        body: contract.Audience,
        response: { 200: contract.File, 422: Problem },
      },
      config: { policy: 'files:share' },
      bodyLimit: 512 * 1024,
    },
    async request => {
      await files.share(request.params.id, ownerOf(request), request.body, whoOf(request))
      return files.get(request.params.id, ownerOf(request))
    },
  )
  app.get(
    '/files/:id/deliveries',
    {
      schema: {
        summary: 'Who may see a file and who has fetched it',
        params: IdParams,
        querystring: ListOnly,
        response: { 200: contract.Deliveries },
      },
      config: { policy: 'files:read' },
    },
    request => files.deliveries(request.params.id, ownerOf(request), request.query),
  )
}

/** `/api/v1/ops/overview`, and a client's list seen from inside. */
export const opsViewRoutes = (scope: FastifyInstance, files: Pick<Files, 'overview' | 'viewAs'>): void => {
  const app: Typed = scope.withTypeProvider()
  app.get(
    '/overview',
    {
      schema: { summary: 'How the hand-overs stand', response: { 200: Overview } },
      config: { policy: 'overview:read' },
    },
    request => files.overview(ownerOf(request)),
  )
  app.get(
    '/clients/:id/files',
    {
      schema: {
        summary: 'What a client sees',
        params: IdParams,
        querystring: contract.ListAsClient,
        response: { 200: contract.SharedFiles },
      },
      config: { policy: 'clients:view_as' },
    },
    request =>
      files.viewAs({
        client: request.params.id,
        owner: ownerOf(request),
        query: request.query,
        who: whoOf(request),
      }),
  )
}

/** `/api/v1/client/files…` */
export const clientFileRoutes = (scope: FastifyInstance, files: Files): void => {
  const app: Typed = scope.withTypeProvider()
  app.get(
    '/files',
    {
      schema: {
        summary: 'List what was shared with me',
        querystring: contract.ListShared,
        response: { 200: contract.SharedFiles },
      },
      config: { policy: 'shared:read' },
    },
    request => files.listShared(actorOf(request).id, request.query),
  )
  app.get(
    '/files/:id',
    {
      schema: { summary: 'A file shared with me', params: IdParams, response: { 200: contract.SharedFile } },
      config: { policy: 'shared:read' },
    },
    request => files.getShared(request.params.id, actorOf(request).id),
  )
}
