import { CliError, type Exit } from '../exit.ts'
import { createApi } from '../remote/api.ts'
import { type RemoteFile, toRemoteFile } from '../remote/files.ts'
import { requireSession, sessionFolder } from '../session.ts'
import { clean, day, note, say, sayJson, size, table } from '../terminal.ts'

type Options = { query?: string; from?: string; all?: boolean; json?: boolean; configDir?: string }

/** Rows that are lined up together: a long list starts to appear before its end is known. */
const ROWS = 200

/** `valise list` */
export const list = async (options: Options): Promise<Exit> => {
  const session = await requireSession(sessionFolder(options.configDir))
  const ops = session.role === 'ops'
  if (options.all && !ops) throw new CliError('usage', '--all is for administrators.')
  const uploader = options.from ?? (ops && !options.all ? session.id : undefined)
  const query = { q: options.query, uploaded_by: uploader }
  let rows: RemoteFile[] = []
  let count = 0
  const show = () => {
    for (const line of table(rows.map(ops ? opsRow : clientRow))) say(line)
    rows = []
  }
  for await (const fields of createApi(session).list(`/api/v1/${session.role}/files`, query)) {
    count += 1
    if (options.json) {
      sayJson(Object.fromEntries(fields))
      continue
    }
    rows.push(toRemoteFile(fields))
    if (rows.length === ROWS) show()
  }
  show()
  if (count === 0 && !options.json) note(ops ? 'No files.' : 'Nothing has been shared with you.')
  return 'done'
}

const clientRow = (file: RemoteFile): string[] => [...common(file), clean(file.from), clean(file.name)]

const opsRow = (file: RemoteFile): string[] => [
  ...common(file),
  clean(file.name),
  `→ ${clean(file.audience.join(', ') || 'nobody')}`,
]

const common = (file: RemoteFile): string[] => [
  file.id,
  day(file.uploaded_at),
  file.status === 'available' ? size(file.size) : clean(file.status),
]
