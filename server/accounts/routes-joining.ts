import type { FastifyInstance } from 'fastify'
import {
  Accepted,
  AddressOnly,
  Reset,
  Setup,
  Signup,
  SignupStarted,
  User,
  Verified,
  Verify,
} from '../../contract/accounts.ts'
import { Empty } from '../../contract/wire.ts'
import { AppError } from '../errors.ts'
import { peerOf } from '../http/request.ts'
import type { Typed } from '../http/typed.ts'
import type { Accounts } from './accounts.ts'
import { answerSignedIn, originOf, transportOf } from './answers.ts'

type Verbs = Pick<
  Accounts,
  'cookies' | 'setup' | 'setupDone' | 'signUp' | 'signIn' | 'verify' | 'resend' | 'forgot' | 'reset'
>

const config = { policy: 'public' } as const

/** How one gets an account, and back into one. */
export const joiningRoutes = (scope: FastifyInstance, accounts: Verbs): void => {
  const app: Typed = scope.withTypeProvider()

  app.post(
    '/api/v1/setup',
    {
      config,
      schema: { summary: 'Create the first administrator', body: Setup, response: { 201: User } },
      // Before the body is read: once there is an admin, nothing about a request changes the answer.
      onRequest: async () => {
        if (await accounts.setupDone()) throw new AppError('not_found')
      },
    },
    async (request, reply) => {
      const user = await accounts.setup({ ...request.body, origin: originOf(request) })
      return reply.code(201).send(user)
    },
  )

  app.post(
    '/api/v1/client/signup',
    { config, schema: { summary: 'Sign up', body: Signup, response: { 202: SignupStarted } } },
    async (request, reply) => {
      await accounts.signUp({ ...request.body, origin: originOf(request) })
      return reply.code(202).send({ status: 'verification_sent' })
    },
  )

  app.post(
    '/api/v1/client/verify',
    { config, schema: { summary: 'Verify the address of a sign-up', body: Verify, response: { 200: Verified } } },
    async (request, reply) => {
      const { token, password, transport } = request.body
      const { cookies } = accounts
      const how = transportOf(cookies, request, transport)
      const origin = originOf(request)
      const { email } = await accounts.verify({ token, password, origin })
      const verified = { status: 'verified' as const }
      if (transport === undefined) return verified
      const deviceCookie = how.browser ? cookies.device(request, 'client') : undefined
      try {
        const entered = await accounts.signIn({ role: 'client', email, password, ...how, deviceCookie, origin })
        return { ...verified, ...answerSignedIn(reply, cookies, how.transport, entered) }
      } catch (error) {
        // The address is verified whatever happens here, and the token is used up: signing in can be tried again.
        if (error instanceof AppError) return verified
        throw error
      }
    },
  )

  app.post(
    '/api/v1/client/verify/resend',
    { config, schema: { summary: 'Mail the verification again', body: AddressOnly, response: { 202: Accepted } } },
    async (request, reply) => {
      await accounts.resend(request.body.email, peerOf(request))
      return reply.code(202).send({ status: 'accepted' })
    },
  )

  for (const role of ['ops', 'client'] as const) {
    app.post(
      `/api/v1/${role}/password/forgot`,
      { config, schema: { summary: 'Ask for a new password', body: AddressOnly, response: { 202: Accepted } } },
      async (request, reply) => {
        await accounts.forgot(role, request.body.email, peerOf(request))
        return reply.code(202).send({ status: 'accepted' })
      },
    )
  }

  app.post(
    '/api/v1/password/reset',
    { config, schema: { summary: 'Choose a new password', body: Reset, response: { 204: Empty } } },
    async (request, reply) => {
      await accounts.reset({ ...request.body, origin: originOf(request) })
      return reply.code(204).send(null)
    },
  )
}
