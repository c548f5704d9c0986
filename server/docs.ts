import fastifySwagger from '@fastify/swagger'
import fastifySwaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { allPublic } from './http/doors.ts'
import { problemAnswers } from './http/problems.ts'
import { completeDocument, describeRoute } from './openapi.ts'

/**
 * What Swagger UI needs: its own scripts, styles and pictures (some of them data URLs), and nothing from another host.
 * It sets styles from scripts, which CSP allows; it has none inline.
 */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Gathers the schemas of the routes registered after it: the same ones that validate. */
export const describeRoutes = async (app: FastifyInstance, publicUrl: URL): Promise<void> => {
  const prefix = publicUrl.protocol === 'https:' ? '__Host-' : ''
  const cookie = (door: string) => ({ type: 'apiKey', in: 'cookie', name: `${prefix}valise-${door}` }) as const
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Valise',
        // Of the contract. Which release runs here is nobody's business who is not signed in (gauntlet row 18).
        version: '1',
        description:
          'Secure document delivery: people inside (ops) hand Office documents to people outside (clients). JSON in and out, times in RFC 3339 UTC, lists by `limit` and `cursor`, errors as RFC 9457 documents with a stable `code`.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: publicUrl.origin }],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          opsCookie: cookie('ops'),
          clientCookie: cookie('client'),
        },
      },
    },
    convertConstToEnum: false,
    transform: describeRoute,
    transformObject: documents => {
      if (!('openapiObject' in documents)) return documents.swaggerObject
      const document = structuredClone(documents.openapiObject)
      completeDocument(document)
      return document
    },
  })
}

/** `/openapi.json` for programs, `/docs` for people. */
export const serveDocs = async (app: FastifyInstance): Promise<void> => {
  app.get(
    '/openapi.json',
    { schema: { hide: true, response: { 200: Type.String() } }, config: { policy: 'public' } },
    async (_request, reply) => reply.type('application/json').send(JSON.stringify(app.swagger())),
  )
  await app.register(async scope => {
    allPublic(scope)
    scope.addHook('onRoute', route => {
      // Files of the package, and the document itself: nothing in them is ours to leave out.
      const file = Type.Any()
      route.schema = { ...route.schema, response: { 200: file, 206: file, 302: file, 304: file, ...problemAnswers } }
    })
    scope.addHook('onSend', async (_request, reply) => {
      reply.header('content-security-policy', PAGE_POLICY)
    })
    await scope.register(fastifySwaggerUi, {
      routePrefix: '/docs',
      staticCSP: false,
      // Without the top bar: it asks for other documents, and its logo has a style tag that the policy blocks.
      uiConfig: { validatorUrl: null, persistAuthorization: false, layout: 'BaseLayout', tryItOutEnabled: true },
    })
  })
}
