import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const entry = fileURLToPath(new URL('../../cli/valise.ts', import.meta.url))

export type Ended = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }

type Options = { env?: Record<string, string>; stdin?: string; cwd?: string }

/** Nothing of the tests' own environment but what a program needs to start. */
const base = (): Record<string, string> => ({ PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' })

/** Starts the real command as its own process. `ended` resolves when it has, whatever its exit code. */
export const start = (args: readonly string[], { env = {}, stdin = '', cwd }: Options = {}) => {
  const child = spawn(process.execPath, [entry, ...args], { cwd, env: { ...base(), ...env } })
  const said = { stdout: '', stderr: '' }
  const waiting: { text: string; resolve: () => void }[] = []
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text
      for (const one of waiting) if (said.stdout.includes(one.text) || said.stderr.includes(one.text)) one.resolve()
    })
  }
  child.stdin.on('error', () => {})
  child.stdin.end(stdin)
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, ...said }))
  })
  return {
    child,
    ended,
    /** Resolves when the command has said this; rejects if it ends without. */
    says: (text: string): Promise<void> =>
      new Promise((resolve, reject) => {
        if (said.stdout.includes(text) || said.stderr.includes(text)) return resolve()
        waiting.push({ text, resolve })
        ended.then(({ stdout, stderr }) => reject(new Error(`it never said ${text}:\n${stdout}${stderr}`)), reject)
      }),
  }
}

/** Runs the real command to its end. */
export const run = (args: readonly string[], options?: Options): Promise<Ended> => start(args, options).ended

/** A folder of its own for one test, gone when it ends. */
export const scratch = async (t: { after: (fn: () => Promise<void>) => void }): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'valise-cli-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** The lines of `--json`. */
export const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))
