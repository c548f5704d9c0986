import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../../../contract/errors.ts'
import { TUS_VERSION } from '../../../contract/tus.ts'
import { Uploads as UploadList } from '../../../contract/uploads.ts'
import { Empty, IdParams } from '../../../contract/wire.ts'
import { AppError } from '../../errors.ts'
import { actorOf, whoOf } from '../../http/request.ts'
import type { Typed } from '../../http/typed.ts'
import { requireVersion, uploadLength, uploadMetadata, uploadOffset } from './protocol.ts'
import type { Standing, Uploads } from './uploads.ts'

const CHUNK = 'application/offset+octet-stream'
const policy = 'files:upload'

const byOf = (request: FastifyRequest) => ({ actor: actorOf(request), who: whoOf(request) })

const stand = (reply: FastifyReply, { offset, expires_at }: Standing): FastifyReply =>
  reply.headers({ 'upload-offset': String(offset), 'upload-expires': new Date(expires_at).toUTCString() })

type Needs = { uploads: Uploads /** Bytes. */; maxUpload: number }

/** `/api/v1/ops/uploads…`: tus 1.0.0 with creation, termination and expiration, and the list of what is not finished. */
export const uploadRoutes = (scope: FastifyInstance, { uploads, maxUpload }: Needs): void => {
  scope.register(async within => {
    const app: Typed = within.withTypeProvider()
    // The body stays a stream: nothing buffers it.
    within.addContentTypeParser(CHUNK, (_request, _payload, done) => done(null))
    // Refusals say it too, those of the door included.
    within.addHook('onSend', async (_request, reply) => void reply.header('tus-resumable', TUS_VERSION))
    const tus = { preValidation: async ({ headers }: FastifyRequest) => requireVersion(headers) }

    app.get(
      '/uploads',
      {
        schema: { summary: 'List my unfinished uploads', response: { 200: UploadList } },
        config: { policy },
      },
      async request => ({ items: await uploads.list(byOf(request)) }),
    )
    app.options(
      '/uploads',
      { schema: { summary: 'What of tus is spoken here', response: { 204: Empty } }, config: { policy } },
      async (_request, reply) =>
        reply
          .code(204)
          .headers({
            'tus-version': TUS_VERSION,
            'tus-extension': 'creation,termination,expiration',
            'tus-max-size': String(maxUpload),
          })
          .send(null),
    )
    app.post(
      '/uploads',
      {
        ...tus,
        schema: { summary: 'Begin a resumable upload', response: { 201: Empty, 422: Problem } },
        config: { policy },
      },
      async (request, reply) => {
        const size = uploadLength(request.headers, maxUpload)
        const by = byOf(request)
        const made = await uploads.create(size, uploadMetadata(request.headers), by)
        // Nothing will follow, so it ends here: refused, as an empty file is.
        const standing = size === 0 ? await uploads.append(made.id, 0, request.raw, by) : made
        return stand(reply, standing).code(201).header('location', `/api/v1/ops/uploads/${made.id}`).send()
      },
    )
    app.head(
      '/uploads/:id',
      {
        ...tus,
        schema: { summary: 'Where an upload stands', params: IdParams, response: { 200: Empty, 422: Problem } },
        config: { policy, swagger: { exposeHeadRoute: true } },
      },
      async (request, reply) => {
        const standing = await uploads.standing(request.params.id, byOf(request))
        return stand(reply, standing).header('upload-length', String(standing.size)).code(200).send()
      },
    )
    app.patch(
      '/uploads/:id',
      {
        ...tus,
        schema: {
          summary: 'Send bytes of an upload',
          params: IdParams,
          consumes: [CHUNK],
          response: { 204: Empty, 422: Problem },
        },
        config: { policy },
      },
      async (request, reply) => {
        if (request.headers['content-type']?.toLowerCase() !== CHUNK)
          throw new AppError('unsupported_media_type', { detail: `Send ${CHUNK}.` })
        const offset = uploadOffset(request.headers)
        const standing = await uploads.append(request.params.id, offset, request.raw, byOf(request))
        return stand(reply, standing).code(204).send(null)
      },
    )
    app.delete(
      '/uploads/:id',
      {
        ...tus,
        schema: { summary: 'End an upload for good', params: IdParams, response: { 204: Empty } },
        config: { policy },
      },
      async (request, reply) => {
        await uploads.terminate(request.params.id, byOf(request))
        return reply.code(204).send(null)
      },
    )
  })
}
