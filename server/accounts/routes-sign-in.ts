import type { FastifyInstance } from 'fastify'
import {
  AcceptInvitation,
  InvitationOffer,
  Login,
  LoginByMail,
  ReadInvitation,
  SignedIn,
} from '../../contract/accounts.ts'
import type { Typed } from '../http/typed.ts'
import type { Accounts } from './accounts.ts'
import { answerSignedIn, originOf, transportOf } from './answers.ts'

type Verbs = Pick<Accounts, 'cookies' | 'signIn' | 'signInByLink' | 'accept' | 'readInvitation'>

const config = { policy: 'public' } as const

/** How one gets in by either door. */
export const signInRoutes = (
  scope: FastifyInstance,
  { cookies, signIn, signInByLink, accept, readInvitation }: Verbs,
): void => {
  const app: Typed = scope.withTypeProvider()

  for (const role of ['ops', 'client'] as const) {
    app.post(
      `/api/v1/${role}/login`,
      { config, schema: { summary: 'Sign in', body: Login, response: { 200: SignedIn } } },
      async (request, reply) => {
        const { email, password, transport } = request.body
        const how = transportOf(cookies, request, transport)
        const deviceCookie = how.browser ? cookies.device(request, role) : undefined
        const entered = await signIn({ role, email, password, ...how, deviceCookie, origin: originOf(request) })
        return answerSignedIn(reply, cookies, how.transport, entered)
      },
    )

    app.post(
      `/api/v1/${role}/login/mail`,
      { config, schema: { summary: 'Sign in with a mailed link', body: LoginByMail, response: { 200: SignedIn } } },
      async (request, reply) => {
        const { token, password, transport } = request.body
        const how = transportOf(cookies, request, transport)
        const entered = await signInByLink({ role, token, password, ...how, origin: originOf(request) })
        return answerSignedIn(reply, cookies, how.transport, entered)
      },
    )
  }

  app.post(
    '/api/v1/invitations/read',
    { config, schema: { summary: 'Read an invitation', body: ReadInvitation, response: { 200: InvitationOffer } } },
    request => readInvitation(request.body.token),
  )

  app.post(
    '/api/v1/invitations/accept',
    { config, schema: { summary: 'Accept an invitation', body: AcceptInvitation, response: { 200: SignedIn } } },
    async (request, reply) => {
      const { token, name, password, transport } = request.body
      const how = transportOf(cookies, request, transport)
      const entered = await accept({ token, name, password, ...how, origin: originOf(request) })
      return answerSignedIn(reply, cookies, how.transport, entered)
    },
  )
}
