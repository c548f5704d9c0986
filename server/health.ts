import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { Answer } from '../contract/wire.ts'
import type { Db } from './db/schema.ts'
import { AppError } from './errors.ts'

const Ok = Answer({ status: Type.Literal('ok') })
const schema = { response: { 200: Ok } }

/** `/healthz`: the process answers. `/readyz`: it can also read its database. Neither says more to strangers. */
export const healthRoutes = (app: FastifyInstance, db: Db): void => {
  const ok = { status: 'ok' } as const
  app.get(
    '/healthz',
    { schema: { summary: 'The process answers', ...schema }, config: { policy: 'public' } },
    async () => ok,
  )
  app.get(
    '/readyz',
    { schema: { summary: 'The service can work', ...schema }, config: { policy: 'public' } },
    async () => {
      try {
        await db.read.selectFrom('meta').select('name').limit(1).execute()
      } catch (cause) {
        throw new AppError('unavailable', { cause })
      }
      return ok
    },
  )
}
