import type { FastifyInstance } from 'fastify'
import { type Setting, Settings } from '../contract/overview.ts'
import type { describeConfig } from './config.ts'
import './http/request.ts'

/** `GET /api/v1/ops/settings`: what is in force, as `valise config` says it. Nothing can be changed over the network. */
export const settingsRoutes = (scope: FastifyInstance, rows: ReturnType<typeof describeConfig>): void => {
  const items = rows.map(({ name, value, from, help }): Setting => {
    const source = from === 'default' || from === 'environment' ? from : 'file'
    return { name, value, source, help }
  })
  scope.get(
    '/settings',
    {
      schema: { summary: 'Settings in force', response: { 200: Settings } },
      config: { policy: 'settings:read' },
    },
    async () => ({ items }),
  )
}
