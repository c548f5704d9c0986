import { isLoopback, origin } from '../../server/config-types.ts'
import { ask, askPassword } from '../ask.ts'
import { CliError, type Exit } from '../exit.ts'
import { createApi } from '../remote/api.ts'
import { fieldsOf, textOf } from '../remote/fields.ts'
import { RefusedError } from '../remote/problem.ts'
import { loadSession, type Session, saveSession, sessionFolder } from '../session.ts'
import { clean, day, say } from '../terminal.ts'

type Options = {
  server?: string
  role?: Session['role']
  email?: string
  passwordStdin?: boolean
  configDir?: string
}

const HOME = 'http://localhost:8080'

/** `valise login` */
export const login = async (options: Options): Promise<Exit> => {
  const folder = sessionFolder(options.configDir)
  // Damaged or open to others: all the more reason to write a new one.
  const before = await loadSession(folder).catch(() => undefined)
  const server = checkServer(options.server ?? before?.server ?? (await askServer()))
  const role = options.role ?? before?.role ?? (await askRole())
  const email = options.email ?? (await ask('E-mail address: ', { instead: '--email' }))
  const password = await askPassword({ fromStdin: options.passwordStdin })
  const answer = await enter(server, role, { email, password })
  const user = fieldsOf(answer.get('user'))
  const session: Session = {
    version: 1,
    server,
    role,
    id: textOf(user, 'id'),
    email: textOf(user, 'email'),
    token: textOf(answer, 'access_token'),
    expires_at: textOf(answer, 'expires_at'),
  }
  if (!/^[A-Za-z0-9_.-]+$/.test(session.token)) {
    throw new CliError('unreachable', `${server} answered without a session. Is it Valise?`)
  }
  await saveSession(folder, session)
  say(
    `Signed in to ${server} as ${clean(session.email)} (${role}), until ${day(session.expires_at)} UTC at the latest.`,
  )
  return 'done'
}

const enter = async (server: string, role: Session['role'], credentials: { email: string; password: string }) => {
  try {
    return await createApi({ server }).post(`/api/v1/${role}/login`, credentials)
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error
    if (error.code === 'wrong_host') throw calledElse(error)
    if (error.code !== 'invalid_credentials') throw error
    // The server cannot say which of the two doors the account has, or anybody could ask.
    const other = role === 'ops' ? 'client' : 'ops'
    throw new CliError('sign_in', `${error.message} This was the ${role} door; the other one is --role ${other}.`)
  }
}

/** The server's own sentence is for browsers: `Open http://localhost:8080 instead.` */
const calledElse = (error: RefusedError): CliError => {
  const [itself] = /https?:\/\/[^\s/]+(?= instead)/.exec(error.message) ?? []
  if (itself === undefined) return error
  return new CliError('usage', `The server calls itself ${itself}; use that with --server.`)
}

const askServer = async (): Promise<string> => (await ask(`Server [${HOME}]: `, { instead: '--server' })).trim() || HOME

const askRole = async (): Promise<Session['role']> => {
  const text = await ask('Do you send documents (ops) or receive them (client)? [client]: ', { instead: '--role' })
  const role = text.trim().toLowerCase() || 'client'
  if (role === 'ops' || role === 'client') return role
  throw new CliError('usage', 'The answer is ops or client.')
}

/** The origin of a server that a password may be sent to. */
const checkServer = (text: string): string => {
  let url: URL
  try {
    url = origin(text.includes('://') ? text : `https://${text}`)
  } catch (error) {
    throw new CliError('usage', `The server is ${error instanceof Error ? error.message : 'not an address'}.`)
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new CliError('usage', `${url.origin} would get your password in the clear; use its https address.`)
  }
  return url.origin
}
