import { CliError, type Exit, worst } from '../exit.ts'
import { findingLines } from '../findings.ts'
import { startProgress } from '../progress.ts'
import { type Api, createApi } from '../remote/api.ts'
import { numberOf } from '../remote/fields.ts'
import { toRemoteFile } from '../remote/files.ts'
import type { Again } from '../remote/persist.ts'
import { RefusedError } from '../remote/problem.ts'
import { findRecipients } from '../remote/recipients.ts'
import { type Unfinished, unfinishedIn } from '../remote/unfinished.ts'
import { endOfDay } from '../remote/until.ts'
import { type Local, look, upload } from '../remote/upload.ts'
import { requireSession, sessionFolder } from '../session.ts'
import { clean, note, say, sayJson, size } from '../terminal.ts'

type Options = {
  to?: string[]
  group?: string[]
  everyone?: boolean
  note?: string
  until?: string
  mail?: boolean
  tellMe?: boolean
  json?: boolean
  configDir?: string
}

/** `valise send FILE… --to ADDRESS`: uploads all of them, then hands over what was accepted, as one act with one mail. */
export const send = async (paths: string[], options: Options): Promise<Exit> => {
  const { to = [], group: groups = [], everyone = false, json = false } = options
  if (to.length === 0 && groups.length === 0 && !everyone) {
    throw new CliError('usage', 'Say who may see it: --to ADDRESS, --group NAME or --everyone.')
  }
  const expires_at = options.until === undefined ? undefined : endOfDay(options.until)
  const session = await requireSession(sessionFolder(options.configDir), 'ops')
  const api = createApi(session)
  // Everything that can be wrong on this side, before the first byte of the first file.
  const locals = await Promise.all(paths.map(look))
  const audience = await findRecipients(api, { to, groups, everyone })
  const act = {
    audience,
    note: options.note,
    expires_at,
    notify: options.mail ?? true,
    tell_me: options.tellMe ?? false,
  }
  const arrived: Arrived[] = []
  const ends: Exit[] = []
  const stop = () => {
    note('\nStopped. What has arrived is kept for a day: the same command goes on from there.')
    // The handler is gone: this ends the program as Ctrl-C does, for whoever started it to see.
    process.kill(process.pid, 'SIGINT')
  }
  process.once('SIGINT', stop)
  try {
    for (const local of locals) {
      const about = { server: session.server, account: session.id, local }
      const unfinished = await unfinishedIn(sessionFolder(options.configDir), about)
      const ended = await uploadOne({ api, local, unfinished, json })
      if (typeof ended === 'string') ends.push(ended)
      else arrived.push(ended)
    }
    if (arrived.length > 0) await handOver(api, arrived, act, json)
  } catch (error) {
    const them = arrived.length === 1 ? 'One document has' : `${arrived.length} documents have`
    if (arrived.length > 0) note(`${them} arrived, and nobody sees them yet: the same command goes on from there.`)
    throw error
  } finally {
    process.off('SIGINT', stop)
  }
  return worst(ends)
}

type Arrived = { id: string; local: Local; unfinished: Unfinished }

const handOver = async (api: Api, arrived: readonly Arrived[], act: object, json: boolean): Promise<void> => {
  const handoff = await api.post('/api/v1/ops/handoffs', { ...act, files: arrived.map(({ id }) => id) })
  for (const { id, local, unfinished } of arrived) {
    await unfinished.forget()
    const fields = await api.get(`/api/v1/ops/files/${id}`)
    if (json) {
      sayJson(Object.fromEntries(fields))
      continue
    }
    const file = toRemoteFile(fields)
    say(`${clean(local.path)}  sent to ${clean(file.audience.join(', ') || 'nobody')}`)
    say(`  ${file.id}  ${size(file.size)}, SHA-256 ${file.sha256}`)
    for (const line of findingLines(file.findings)) say(line)
  }
  if (json) return
  const told = numberOf(handoff, 'notified')
  say(
    told === 0
      ? 'Nobody gets a mail about it.'
      : told === 1
        ? 'One person is told by mail.'
        : `${told} people are told by mail.`,
  )
}

type Sending = { api: Api; local: Local; unfinished: Unfinished; json: boolean }

/** One file of several, visible to nobody yet: what goes wrong with it is told, and the others still go. */
const uploadOne = async ({ api, local, unfinished, json }: Sending): Promise<Arrived | Exit> => {
  const bar = startProgress({ label: local.name, total: local.size })
  const onTrouble = ({ error, milliseconds }: Again) =>
    note(`${clean(local.path)}  ${error.message} Trying again in ${Math.ceil(milliseconds / 1000)} s …`)
  try {
    const { file: fields, sha256 } = await upload({ api, local, unfinished, onProgress: bar.to, onTrouble })
    bar.stop()
    const file = toRemoteFile(fields)
    if (file.sha256 !== sha256) {
      await unfinished.forget()
      throw new CliError(
        'refused',
        `The server keeps other bytes under ${file.id} than those sent (SHA-256 ${sha256}). Delete it and send it again.`,
      )
    }
    return { id: file.id, local, unfinished }
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
