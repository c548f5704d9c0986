import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'

export const clamdThere = existsSync('/usr/sbin/clamd')
if (!clamdThere && process.env.CI === 'true') throw new Error('clamd is not installed')
/** For `test(…, { skip: noClamd })`. */
export const noClamd = clamdThere ? false : 'clamd is not installed'
if (noClamd) console.log(`SKIPPED: ${noClamd}`)

/** Not malware: words that the signatures made here know. */
export const KNOWN = 'VALISE-TEST-MALWARE'
/** eicar.org's test file, in two halves so that no scanner stops this file. */
export const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-', 'STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('')

const signature = (name: string, text: string) => `${name}:0:*:${Buffer.from(text).toString('hex')}\n`

/**
 * A real clamd on a socket in `folder`, which must be short, with signatures for `KNOWN`, EICAR and the `words`. Ends with the
 * test; `stop` and `start` in between.
 */
export const startClamd = async (
  context: { after: (fn: () => unknown) => void },
  folder: string,
  { settings = ['AlertExceedsMax yes'], words = [] }: { settings?: string[]; words?: string[] } = {},
) => {
  const database = join(folder, 'signatures')
  const socket = join(folder, 'clamd.sock')
  const know = (more: string[]) =>
    writeFile(
      join(database, 'test.ndb'),
      [KNOWN, EICAR, ...more].map((word, index) => signature(`Test.Word${index}`, word)).join(''),
    )
  await mkdir(database, { recursive: true })
  await know(words)
  const config = join(folder, 'clamd.conf')
  const lines = [`LocalSocket ${socket}`, `DatabaseDirectory ${database}`, 'Foreground yes', ...settings]
  await writeFile(config, `${lines.join('\n')}\n`)

  let running: { end: () => Promise<void> } | undefined
  const start = async (): Promise<void> => {
    const child = spawn('/usr/sbin/clamd', ['--config-file', config], { stdio: 'ignore' })
    const exited = new Promise<void>(resolve => child.once('exit', () => resolve()))
    running = {
      end: () => {
        child.kill('SIGKILL')
        return exited
      },
    }
    while (!(await listens(socket))) if (child.exitCode !== null) throw new Error('clamd did not start')
  }
  const stop = async (): Promise<void> => {
    await running?.end()
    running = undefined
    await rm(socket, { force: true })
  }
  await start()
  context.after(stop)
  return { url: `unix:${socket}`, address: { path: socket }, start, stop, know }
}

const listens = (path: string): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => setImmediate(resolve, false))
  })
