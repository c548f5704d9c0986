import { availableParallelism } from 'node:os'
import { basename } from 'node:path'
import { environment, readConfig } from '../../server/config.ts'
import type { Verdict } from '../../server/inspect/finding.ts'
import { createInspector, type Inspector } from '../../server/inspect/pool.ts'
import { fileSource } from '../../server/inspect/source.ts'
import { CliError, type Exit, worst } from '../exit.ts'
import { findingLines } from '../findings.ts'
import { hashFile } from '../hash.ts'
import { openLocal } from '../local-file.ts'
import { clean, note, say, sayJson } from '../terminal.ts'

type Result = { file: string; error: unknown } | ({ file: string; sha256: string } & Verdict)

/** `valise inspect FILE…`: what a server with these settings would say of them. Answers come in the order of the files. */
export const inspectFiles = async (files: string[], { json = false }: { json?: boolean }): Promise<Exit> => {
  const workers = Math.min(availableParallelism(), files.length, 8)
  const inspector = createInspector({ workers, policy: readConfig(environment()).inspectPolicy })
  const ends: Exit[] = []
  try {
    // A few ahead, so that every worker has one and no more than these are open at once.
    const running: Promise<Result>[] = []
    for (let next = 0; next < files.length || running.length > 0; ) {
      while (next < files.length && running.length <= workers) running.push(look(inspector, files[next++] ?? ''))
      const result = await running.shift()
      if (result) ends.push(show(result, json))
    }
  } finally {
    await inspector.close()
  }
  return worst(ends)
}

const look = async (inspector: Inspector, file: string): Promise<Result> => {
  try {
    const { file: handle, size } = await openLocal(file)
    try {
      const source = fileSource(handle, size)
      const [verdict, sha256] = await Promise.all([inspector.inspect(basename(file), source), hashFile(file)])
      return { file, sha256, ...verdict }
    } finally {
      await handle.close()
    }
  } catch (error) {
    return { file, error }
  }
}

const show = (result: Result, json: boolean): Exit => {
  if ('error' in result) {
    const { error } = result
    const why = error instanceof Error ? error.message : 'cannot be read'
    note(clean(error instanceof CliError ? why : `${result.file}: ${why}`))
    return 'usage'
  }
  const { file, verdict, type, sha256, findings } = result
  if (json) sayJson({ file, verdict, type, sha256, findings })
  else {
    say(`${clean(file)}  ${verdict === 'accept' ? 'accepted' : 'REFUSED'}`)
    for (const line of findingLines(findings)) say(line)
  }
  return verdict === 'accept' ? 'done' : 'refused'
}
