import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Candidate } from './oracle.ts'
import { readLast } from './readers.ts'

/**
 * Another language's reader of ZIP, and expat, the XML parser most programs use. Says of each file in the folder: the CRC
 * of every part as `zipfile` reads it, and which XML parts expat does not take.
 */
const SCRIPT = `
import json, os, sys, zipfile, zlib
from xml.parsers import expat
folder = sys.argv[1]
found = {}
for name in sorted(os.listdir(folder)):
    try:
        with zipfile.ZipFile(os.path.join(folder, name)) as archive:
            parts, broken = [], []
            for info in archive.infolist():
                data = archive.read(info)
                parts.append('%d %08x' % (len(data), zlib.crc32(data)))
                if info.filename.lower().endswith(('.xml', '.rels')):
                    try:
                        parser = expat.ParserCreate(namespace_separator='\\f')
                        parser.Parse(data, True)
                    except expat.ExpatError as error:
                        if 'encoding' not in str(error): broken.append(info.filename + ': ' + str(error))
            found[name] = {'parts': sorted(parts), 'broken': broken}
    except Exception as error:
        found[name] = {'error': repr(error)}
print(json.dumps(found))
`

export const hasPython = (): boolean => spawnSync('python3', ['-c', 'import zipfile, xml.parsers.expat']).status === 0

type Said = { parts?: unknown; broken?: unknown; error?: unknown }

const saidOf = (text: string): Record<string, Said> => {
  const value: unknown = JSON.parse(text)
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}

/** Shows accepted files to Python, all at once; answers which of them it sees otherwise, and how. */
export const compareWithPython = (
  candidates: readonly Candidate[],
  crcOf: (data: Buffer) => number,
): { candidate: Candidate; fault: string }[] => {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'))
  try {
    for (const [nth, { bytes }] of candidates.entries()) writeFileSync(join(folder, String(nth)), bytes)
    const { stdout, status } = spawnSync('python3', ['-c', SCRIPT, folder], { encoding: 'utf8', maxBuffer: 1 << 28 })
    if (status !== 0) return []
    const said = saidOf(stdout)
    return candidates.flatMap((candidate, nth) => {
      const { parts, broken, error } = said[String(nth)] ?? {}
      if (error !== undefined) return [{ candidate, fault: `python: ${String(error)}` }]
      const ours = readLast(candidate.bytes)
        .map(({ data }) => `${data.length} ${crcOf(data).toString(16).padStart(8, '0')}`)
        .sort()
      if (JSON.stringify(parts) !== JSON.stringify(ours)) return [{ candidate, fault: 'python: another archive' }]
      return Array.isArray(broken) && broken.length > 0 ? [{ candidate, fault: `expat: ${String(broken[0])}` }] : []
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}
