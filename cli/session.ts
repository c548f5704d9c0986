import { constants } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { environment } from '../server/config.ts'
import { makePrivate } from '../server/private-files.ts'
import { CliError } from './exit.ts'

/** Where this person is signed in. `token` is the bearer token: it never leaves for any other origin than `server`. */
export type Session = {
  version: 1
  /** An origin such as `https://valise.example`. */
  server: string
  role: 'ops' | 'client'
  id: string
  email: string
  token: string
  /** RFC 3339. */
  expires_at: string
}

const WINDOWS = process.platform === 'win32'
const MAX_LENGTH = 64 * 1024

/** The folder of the session: what was asked for, else `$XDG_CONFIG_HOME/valise`, else `~/.config/valise`. */
export const sessionFolder = (asked: string | undefined): string => {
  if (asked !== undefined) return asked
  // The XDG base directory specification: relative paths are to be ignored.
  const base = environment().XDG_CONFIG_HOME
  return join(base?.startsWith('/') ? base : join(homedir(), '.config'), 'valise')
}

const fileIn = (folder: string): string => join(folder, 'session.json')

/** The session kept in this folder, undefined where there is none. Ends the command when others could read or swap it. */
export const loadSession = async (folder: string): Promise<Session | undefined> => {
  const path = fileIn(folder)
  const text = await readPrivate(path)
  if (text === undefined) return undefined
  const session = parse(text)
  if (!session) throw new CliError('sign_in', `${path} is damaged. Sign in again: valise login`)
  return session
}

/** As `loadSession`, for commands that need one. */
export const requireSession = async (folder: string, role?: Session['role']): Promise<Session> => {
  const session = await loadSession(folder)
  if (!session) throw new CliError('sign_in', 'Sign in first: valise login')
  if (role !== undefined && session.role !== role) {
    throw new CliError(
      'forbidden',
      `This needs ${role === 'ops' ? 'an ops' : 'a client'} account; you are signed in as ${session.role}. Sign in by the other door: valise login --role ${role}`,
    )
  }
  return session
}

/** Keeps the session: a folder and a file that only this user may read, whatever the umask; whole or not at all. */
export const saveSession = async (folder: string, session: Session): Promise<void> => {
  makePrivate(folder)
  const aside = `${fileIn(folder)}.${process.pid}.tmp`
  await rm(aside, { force: true })
  try {
    const file = await open(aside, 'wx', 0o600)
    try {
      await file.chmod(0o600)
      await file.writeFile(`${JSON.stringify(session, null, 2)}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(aside, fileIn(folder))
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
}

export const dropSession = (folder: string): Promise<void> => rm(fileIn(folder), { force: true })

const readPrivate = async (path: string): Promise<string | undefined> => {
  let file: Awaited<ReturnType<typeof open>>
  try {
    file = await open(path, constants.O_RDONLY | (WINDOWS ? 0 : constants.O_NOFOLLOW | constants.O_NONBLOCK))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') return undefined
    if (code === 'ELOOP') throw new CliError('usage', `${path} is a symbolic link; remove it and sign in again.`)
    throw error
  }
  try {
    const status = await file.stat()
    if (!status.isFile() || status.size > MAX_LENGTH) throw new CliError('usage', `${path} is not a session file.`)
    if (!WINDOWS && (status.mode & 0o077) !== 0) {
      throw new CliError(
        'usage',
        `${path} is open to other users of this machine: run chmod 600 on it, then sign out and in again.`,
      )
    }
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

const parse = (text: string): Session | undefined => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  const fields = new Map(typeof value === 'object' && value !== null ? Object.entries(value) : [])
  const of = (name: string): string => {
    const found: unknown = fields.get(name)
    return typeof found === 'string' ? found : ''
  }
  const role = of('role')
  if (fields.get('version') !== 1 || (role !== 'ops' && role !== 'client')) return undefined
  const [server, id, email, token, expires_at] = [of('server'), of('id'), of('email'), of('token'), of('expires_at')]
  if (!URL.canParse(server) || !/^[A-Za-z0-9_.-]+$/.test(token)) return undefined
  return { version: 1, server, role, id, email, token, expires_at }
}
