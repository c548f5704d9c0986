import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { CliError, type Exit } from '../exit.ts'
import { checkFree, place } from '../place.ts'
import { startProgress } from '../progress.ts'
import { type Api, createApi } from '../remote/api.ts'
import { download } from '../remote/download.ts'
import { type RemoteFile, toRemoteFile } from '../remote/files.ts'
import { safeName } from '../remote/names.ts'
import { RefusedError } from '../remote/problem.ts'
import { requireSession, sessionFolder } from '../session.ts'
import { clean, day, note, say, sayJson, size } from '../terminal.ts'

type Options = { output?: string; from?: string; force?: boolean; json?: boolean; configDir?: string }

/** `valise get NAME-or-ID` */
export const get = async (wanted: string, options: Options): Promise<Exit> => {
  const session = await requireSession(sessionFolder(options.configDir), 'client')
  const api = createApi(session)
  const file = await find(api, wanted, options.from)
  const target = await targetOf(file, options.output)
  const force = options.force ?? false
  if (!force) await checkFree(target)
  // The mark keeps two files of one name apart, and lets the next attempt know its own.
  const part = join(dirname(target), `${basename(target)}.${file.sha256.slice(0, 8)}.part`)
  const bar = startProgress({ label: file.name, total: file.size })
  try {
    await download({ api, server: session.server, file, part, onProgress: bar.to })
  } finally {
    bar.stop()
  }
  await place(part, target, { force })
  await confirm(api, file)
  if (options.json) sayJson({ id: file.id, name: file.name, path: target, size: file.size, sha256: file.sha256 })
  else say(`${clean(target)}  ${size(file.size)}, SHA-256 ${file.sha256}`)
  return 'done'
}

/**
 * Reports that the SHA-256 of what arrived is the one of the file (ledger.md: "confirmed"). The document is here and right:
 * that this could not be put on record is worth a line, not a failure.
 */
const confirm = async (api: Api, { id, sha256 }: RemoteFile): Promise<void> => {
  for (let attempt = 0; ; attempt++) {
    try {
      await api.post(`/api/v1/client/files/${id}/confirm`, { sha256 })
      return
    } catch (error) {
      // The last byte is here before the server has on record that it sent it.
      const early = error instanceof RefusedError && error.code === 'conflict'
      if (early && attempt < 5) {
        await pause(50 * 2 ** attempt)
        continue
      }
      const why = error instanceof Error ? error.message : String(error)
      note(`valise: The document is complete and right, but that could not be put on record: ${why}`)
      return
    }
  }
}

/** By id, else by its exact name; of several with that name none is guessed. */
const find = async (api: Api, wanted: string, from: string | undefined): Promise<RemoteFile> => {
  if (/^[A-Za-z0-9_-]{22}$/.test(wanted)) {
    try {
      return toRemoteFile(await api.get(`/api/v1/client/files/${wanted}`))
    } catch (error) {
      if (!(error instanceof RefusedError) || error.code !== 'not_found') throw error
    }
  }
  const found: RemoteFile[] = []
  const query = { name: wanted.normalize('NFC'), uploaded_by: from }
  for await (const fields of api.list('/api/v1/client/files', query)) found.push(toRemoteFile(fields))
  const [file, ...others] = found
  if (!file) throw new CliError('not_found', `No file ${clean(wanted)} was shared with you. See: valise list`)
  if (others.length === 0) return file
  for (const one of found) note(`  ${one.id}  from ${clean(one.from)}, ${day(one.uploaded_at)}`)
  const senders = new Set(found.map(one => one.from))
  const which = senders.size > 1 ? 'by its id (above) or by --from' : 'by its id (above)'
  throw new CliError('usage', `${found.length} files have this name; say which ${which}.`)
}

const targetOf = async ({ name }: RemoteFile, output: string | undefined): Promise<string> => {
  if (output === undefined) return safeName(name)
  const folder = await stat(output).then(
    status => status.isDirectory(),
    () => false,
  )
  return folder ? join(output, safeName(name)) : output
}
