import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Client, createClient } from './client.ts'

const source = fileURLToPath(new URL('../server/start.ts', import.meta.url))

type Options = {
  /** Ends with the test that started it, however that test ends. */
  context: { after: (fn: () => unknown) => void }
  dataDir: string
  env?: Record<string, string>
  /** Command and arguments to run node with, such as `unshare`. */
  within?: string[]
  /** The file to run, in place of the sources. */
  script?: string
}

/** `npm start` without npm: the server as a process of its own, for tests that end it or starve it. */
export const startProcess = async ({ context, dataDir, env = {}, within = [], script = source }: Options) => {
  const [command = process.execPath, ...args] = [...within, process.execPath, script]
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, VALISE_PORT: '0', VALISE_LOG_LEVEL: 'error', ...env, VALISE_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited: Promise<number | null> = once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : null))
  context.after(() => end(child, 'SIGKILL', exited))
  let log = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    log += text
  })
  const lines: string[] = []
  const ready = await new Promise<boolean>(resolve => {
    createInterface({ input: child.stdout }).on('line', line => {
      lines.push(line)
      if (line.startsWith('  Data')) resolve(true)
    })
    exited.then(() => resolve(false))
  })
  const found = (pattern: RegExp): string => lines.map(line => pattern.exec(line)?.[1]).find(Boolean) ?? ''
  const url = found(/^ {2}Open +(\S+)/)
  return {
    ready,
    url,
    pid: child.pid ?? 0,
    setupToken: found(/\/setup#(\S+)/),
    exited,
    log: () => log,
    client: (): Client => createClient(url),
    kill: (signal: NodeJS.Signals) => end(child, signal, exited),
  }
}

const end = async (
  child: ChildProcess,
  signal: NodeJS.Signals,
  exited: Promise<number | null>,
): Promise<number | null> => {
  child.kill(signal)
  return exited
}

export type TestProcess = Awaited<ReturnType<typeof startProcess>>
