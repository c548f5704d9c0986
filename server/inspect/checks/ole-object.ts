import { readCfb } from '../cfb.ts'
import { isExecutable, isExecutableName } from '../executable.ts'
import type { RowName } from '../rows.ts'

/** Equation Editor 3.0, whose parser nobody maintains and every attacker knows (CVE-2017-11882). */
const EQUATION = '0002ce02-0000-0000-c000-000000000046'
const PACKAGE_STREAM = '\u0001Ole10Native'
const EQUATION_STREAM = 'Equation Native'

/** The text up to the next zero byte, and the position behind it. */
const zeroEnded = (bytes: Buffer, at: number): { text: string; next: number } | undefined => {
  const end = bytes.indexOf(0, at)
  return end < 0 ? undefined : { text: bytes.toString('latin1', at, end), next: end + 1 }
}

/**
 * What the Packager wraps ([MS-OLEDS] 2.3.6 and what Windows writes): label, file name, the path it was taken from, and
 * the file. Undefined if it is not of that form.
 */
const readPackager = (stream: Buffer): { names: string[]; data: Buffer } | undefined => {
  if (stream.length < 6) return undefined
  const label = zeroEnded(stream, 6)
  const file = label && zeroEnded(stream, label.next)
  if (label === undefined || file === undefined || file.next + 8 > stream.length) return undefined
  const pathEnd = file.next + 8 + stream.readUInt32LE(file.next + 4)
  if (pathEnd + 4 > stream.length) return undefined
  const path = stream.toString('latin1', file.next + 8, pathEnd).replace(/\0.*$/s, '')
  const length = stream.readUInt32LE(pathEnd)
  if (pathEnd + 4 + length > stream.length) return undefined
  return { names: [label.text, file.text, path], data: stream.subarray(pathEnd + 4, pathEnd + 4 + length) }
}

/** The row for an embedded OLE object, by what is in it. What cannot be read is taken for the worst. */
export const judgeOleObject = (bytes: Buffer): RowName => {
  const entries = readCfb(bytes)
  if (entries === undefined) return 'embedded_executable'
  const names = new Set(entries.map(({ name }) => name))
  if (names.has('EncryptedPackage')) return 'encrypted_document'
  if (names.has('_VBA_PROJECT') || names.has('_VBA_PROJECT_CUR') || names.has('Macros')) return 'macros'
  if (names.has(EQUATION_STREAM) || entries.some(({ classId }) => classId === EQUATION)) return 'embedded_executable'
  for (const entry of entries.filter(
    ({ name, kind }) => kind === 'stream' && name.toLowerCase() === PACKAGE_STREAM.toLowerCase(),
  )) {
    const stream = entry.read()
    const wrapped = stream && readPackager(stream)
    if (wrapped === undefined) return 'embedded_executable'
    if (wrapped.names.some(isExecutableName) || isExecutable(wrapped.data, { suspicious: true }))
      return 'embedded_executable'
  }
  return 'embedded_ole'
}
