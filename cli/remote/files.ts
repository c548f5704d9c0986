import type { Finding } from '../../contract/errors.ts'
import { CliError } from '../exit.ts'
import { type Fields, fieldsOf, listOf, numberOf, textOf } from './fields.ts'
import { toFinding } from './problem.ts'

/** What this program shows and checks of a file. Texts are as the server sent them: `clean` before a terminal. */
export type RemoteFile = {
  id: string
  name: string
  /** Bytes. */
  size: number
  /** 64 hex digits. */
  sha256: string
  status: string
  uploaded_at: string
  from: string
  /** Who may see it, for ops; empty for clients, who are not told. */
  audience: string[]
  findings: Finding[]
}

/** Reads a File or SharedFile of the contract. Throws CliError when the server sent something else. */
export const toRemoteFile = (fields: Fields): RemoteFile => {
  const id = textOf(fields, 'id')
  const size = numberOf(fields, 'size')
  const sha256 = textOf(fields, 'sha256')
  if (!/^[A-Za-z0-9_-]{22}$/.test(id) || !Number.isSafeInteger(size) || size < 0 || !/^[0-9a-f]{64}$/.test(sha256)) {
    throw new CliError('unreachable', 'The server described a file in a way this program does not understand.')
  }
  const audience = fieldsOf(fields.get('audience'))
  return {
    id,
    name: textOf(fields, 'name'),
    size,
    sha256,
    status: textOf(fields, 'status'),
    uploaded_at: textOf(fields, 'uploaded_at'),
    from: textOf(fieldsOf(fields.get('uploaded_by')), 'email'),
    audience: [
      ...(audience?.get('everyone') === true ? ['everyone'] : []),
      ...listOf(audience, 'groups').map(group => textOf(group, 'name')),
      ...listOf(audience, 'clients').map(client => textOf(client, 'email')),
    ],
    findings: listOf(fields, 'findings').map(toFinding),
  }
}
