import type { FastifyInstance } from 'fastify'
import { Body } from '../../contract/wire.ts'
import { invalid } from '../errors.ts'

const none = Body({})

/**
 * Refuses query parameters and body fields (product.md) where a route declares none, too: its schema says what it takes, and
 * without one Fastify looks at neither. API only: to links and pages, mail programs and networks append things of their own.
 */
export const refuseUndeclared = (app: FastifyInstance): void => {
  app.addHook('onRoute', route => {
    if (route.url.startsWith('/api/')) route.schema = { querystring: none, ...route.schema }
  })
  app.addHook('preValidation', async ({ routeOptions, body, is404 }) => {
    // The hook also runs where there is no route: what is not there is not found, whatever was sent.
    if (is404 || routeOptions.schema?.body !== undefined || body === undefined || body === null) return
    // `{}` says nothing, and some clients send it with every POST.
    const [field = 'body'] = typeof body === 'object' ? Object.keys(body) : ['body']
    if (typeof body !== 'object' || Object.keys(body).length > 0)
      throw invalid(field.slice(0, 60), 'is not a field here')
  })
}
