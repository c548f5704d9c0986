import type { Exit } from '../exit.ts'
import { createApi } from '../remote/api.ts'
import { RefusedError } from '../remote/problem.ts'
import { dropSession, loadSession, sessionFolder } from '../session.ts'
import { clean, note, say } from '../terminal.ts'

/** `valise logout` */
export const logout = async (options: { configDir?: string }): Promise<Exit> => {
  const folder = sessionFolder(options.configDir)
  const session = await loadSession(folder)
  if (!session) {
    say('You were not signed in.')
    return 'done'
  }
  try {
    await createApi(session).post(`/api/v1/${session.role}/logout`)
  } catch (error) {
    // Ended already, by time or from another place: what was wanted is so.
    const gone = error instanceof RefusedError && error.code === 'unauthenticated'
    if (!gone) {
      await dropSession(folder)
      note('This machine has forgotten the session, but the server could not be told: there it ends by itself.')
      throw error
    }
  }
  await dropSession(folder)
  say(`Signed out of ${session.server} as ${clean(session.email)}.`)
  return 'done'
}
