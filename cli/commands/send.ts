import type { Audience } from '../../contract/files.ts'
import { CliError, type Exit, worst } from '../exit.ts'
import { findingLines } from '../findings.ts'
import { startProgress } from '../progress.ts'
import { type Api, createApi } from '../remote/api.ts'
import { toRemoteFile } from '../remote/files.ts'
import type { Again } from '../remote/persist.ts'
import { RefusedError } from '../remote/problem.ts'
import { findRecipients } from '../remote/recipients.ts'
import { type Unfinished, unfinishedIn } from '../remote/unfinished.ts'
import { type Local, look, upload } from '../remote/upload.ts'
import { requireSession, sessionFolder } from '../session.ts'
import { clean, note, say, sayJson, size } from '../terminal.ts'

type Options = { to?: string[]; group?: string[]; everyone?: boolean; json?: boolean; configDir?: string }

/** `valise send FILE… --to ADDRESS` */
export const send = async (paths: string[], options: Options): Promise<Exit> => {
  const { to = [], group: groups = [], everyone = false } = options
  if (to.length === 0 && groups.length === 0 && !everyone) {
    throw new CliError('usage', 'Say who may see it: --to ADDRESS, --group NAME or --everyone.')
  }
  const session = await requireSession(sessionFolder(options.configDir), 'ops')
  const api = createApi(session)
  // Everything that can be wrong on this side, before the first byte of the first file.
  const locals = await Promise.all(paths.map(look))
  const audience = await findRecipients(api, { to, groups, everyone })
  const ends: Exit[] = []
  const stop = () => {
    note('\nStopped. What has arrived is kept for a day: the same command goes on from there.')
    // The handler is gone: this ends the program as Ctrl-C does, for whoever started it to see.
    process.kill(process.pid, 'SIGINT')
  }
  process.once('SIGINT', stop)
  try {
    for (const local of locals) {
      const about = { server: session.server, account: session.id, local, audience }
      const unfinished = await unfinishedIn(sessionFolder(options.configDir), about)
      ends.push(await sendOne({ api, local, audience, unfinished, json: options.json ?? false }))
    }
  } finally {
    process.off('SIGINT', stop)
  }
  return worst(ends)
}

type Sending = { api: Api; local: Local; audience: Audience; unfinished: Unfinished; json: boolean }

/** One file of several: what goes wrong with it is told, and the others still go. */
const sendOne = async ({ api, local, audience, unfinished, json }: Sending): Promise<Exit> => {
  const bar = startProgress({ label: local.name, total: local.size })
  const onTrouble = ({ error, milliseconds }: Again) =>
    note(`${clean(local.path)}  ${error.message} Trying again in ${Math.ceil(milliseconds / 1000)} s …`)
  try {
    const { file: fields, sha256 } = await upload({ api, local, audience, unfinished, onProgress: bar.to, onTrouble })
    bar.stop()
    const file = toRemoteFile(fields)
    if (file.sha256 !== sha256) {
      throw new CliError(
        'refused',
        `The server keeps other bytes under ${file.id} than those sent (SHA-256 ${sha256}). Delete it and send it again.`,
      )
    }
    if (json) sayJson(Object.fromEntries(fields))
    else {
      say(`${clean(local.path)}  sent to ${clean(file.audience.join(', ') || 'nobody')}`)
      say(`  ${file.id}  ${size(file.size)}, SHA-256 ${file.sha256}`)
      for (const line of findingLines(file.findings)) say(line)
    }
    return 'done'
  } catch (error) {
    bar.stop()
    // Nothing that another file could do better: the session has ended, or the server is gone.
    if (!(error instanceof CliError) || ['sign_in', 'unreachable', 'throttled'].includes(error.exit)) throw error
    const findings = error instanceof RefusedError ? error.findings : []
    if (json) sayJson({ file: local.path, error: { exit: error.exit, message: error.message, findings } })
    note(`${clean(local.path)}  ${error.exit === 'refused' ? 'refused' : 'not sent'}: ${error.message}`)
    for (const line of findingLines(findings)) note(line)
    return error.exit
  }
}
