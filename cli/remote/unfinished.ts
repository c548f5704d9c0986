import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { codeOf } from '../../server/storage/disk-errors.ts'
import { hashText } from '../hash.ts'
import type { Local } from './upload.ts'

/** Milliseconds after which no server knows an unfinished upload any more. */
const FORGET = 2 * 24 * 3_600_000
const PATH = /^\/api\/v1\/ops\/uploads\/[A-Za-z0-9_-]{22}$/

export type Unfinished = {
  /** The path of the upload at the server; undefined when this file is sent for the first time, or was changed. */
  recall: () => Promise<string | undefined>
  remember: (path: string) => Promise<void>
  forget: () => Promise<void>
}

/**
 * What has begun to be sent, one small file per upload in the folder of the session, so that the same command goes on where
 * another was cut off, as long as the file is unchanged. Holds no token: the path is nobody's without a session.
 */
export const unfinishedIn = async (
  folder: string,
  { server, account, local }: { server: string; account: string; local: Local },
): Promise<Unfinished> => {
  const place = join(folder, 'uploads')
  await mkdir(place, { recursive: true, mode: 0o700 })
  await prune(place)
  const { path, size, modified } = local
  const file = join(place, hashText(JSON.stringify([server, account, resolve(path), size, modified])))
  return {
    recall: async () => {
      const text = (await unlessMissing(readFile(file, 'utf8')))?.trim()
      return text !== undefined && PATH.test(text) ? text : undefined
    },
    remember: async upload => {
      if (PATH.test(upload)) await writeFile(file, `${upload}\n`, { mode: 0o600 })
    },
    forget: () => rm(file, { force: true }),
  }
}

const prune = async (place: string): Promise<void> => {
  for (const name of await readdir(place)) {
    const path = join(place, name)
    const status = await unlessMissing(stat(path))
    if (status?.isFile() && status.mtimeMs < Date.now() - FORGET) await rm(path, { force: true })
  }
}

const unlessMissing = <T>(work: Promise<T>): Promise<T | undefined> =>
  work.catch(error => {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  })
