import type { FastifyInstance } from 'fastify'
import type { Accounts } from './accounts.ts'
import { groupRoutes } from './routes-groups.ts'
import { invitationRoutes } from './routes-invitations.ts'
import { joiningRoutes } from './routes-joining.ts'
import { peopleRoutes } from './routes-people.ts'
import { selfRoutes } from './routes-self.ts'
import { signInRoutes } from './routes-sign-in.ts'

/** Ways in, for everybody. */
export const publicRoutes = (app: FastifyInstance, accounts: Accounts): void => {
  joiningRoutes(app, accounts)
  signInRoutes(app, accounts)
}

/** Inside the ops door. */
export const opsRoutes = (scope: FastifyInstance, accounts: Accounts): void => {
  selfRoutes(scope, 'ops', accounts)
  invitationRoutes(scope, accounts)
  groupRoutes(scope, accounts)
  peopleRoutes(scope, accounts)
}

/** Inside the client door. */
export const clientRoutes = (scope: FastifyInstance, accounts: Accounts): void => {
  selfRoutes(scope, 'client', accounts)
}
