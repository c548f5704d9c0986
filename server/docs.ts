import fastifySwagger from '@fastify/swagger'
import fastifySwaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { allPublic } from './http/doors.ts'

/** What Swagger UI needs, and nothing from another host. Its inline styles come from scripts, which CSP allows. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Gathers the schemas of the routes registered after it: the same ones that validate. */
export const describeRoutes = async (app: FastifyInstance, version: string, publicUrl: URL): Promise<void> => {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Valise',
        version,
        description: 'Secure document delivery: people inside (ops) hand Office documents to people outside (clients).',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: publicUrl.origin }],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        },
      },
      tags: [
        { name: 'ops', description: 'The inside door' },
        { name: 'client', description: 'The outside door' },
        { name: 'public', description: 'How one gets in, and downloads' },
      ],
    },
    transform: ({ schema, url, route }) => {
      const door = /^\/api\/v1\/(ops|client)\//.exec(url)?.[1]
      const guarded = route.config?.policy !== undefined && route.config.policy !== 'public'
      return {
        schema: { ...schema, tags: [door ?? 'public'], ...(guarded ? { security: [{ bearer: [] }] } : {}) },
        url,
      }
    },
  })
}

/** `/openapi.json` for programs, `/docs` for people. */
export const serveDocs = async (app: FastifyInstance): Promise<void> => {
  app.get('/openapi.json', { schema: { hide: true }, config: { policy: 'public' } }, async (_request, reply) =>
    reply.type('application/json').send(JSON.stringify(app.swagger())),
  )
  await app.register(async scope => {
    allPublic(scope)
    scope.addHook('onSend', async (_request, reply) => {
      reply.header('content-security-policy', PAGE_POLICY)
    })
    await scope.register(fastifySwaggerUi, {
      routePrefix: '/docs',
      staticCSP: false,
      uiConfig: { validatorUrl: null, persistAuthorization: false },
    })
  })
}
