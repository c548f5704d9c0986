import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { CliError } from './exit.ts'
import { clean } from './terminal.ts'

/** A password is at most 128 characters; more than this on standard input is not one. */
const MOST = 4096

/**
 * Asks on the terminal and gives the line. With `hidden` nothing of it is echoed. Ends the command where there is nobody to
 * ask: then the option named by `instead` is the way.
 */
export const ask = (question: string, { hidden = false, instead }: { hidden?: boolean; instead: string }) => {
  if (!process.stdin.isTTY) throw new CliError('usage', `There is no terminal to ask on; use ${instead}.`)
  const shown = new Writable({
    write: (chunk, _encoding, done) => {
      if (!hidden) process.stderr.write(chunk)
      done()
    },
  })
  return new Promise<string>((resolve, reject) => {
    const lines = createInterface({ input: process.stdin, output: shown, terminal: true, historySize: 0 })
    // Only now: from here on the terminal echoes nothing by itself, however early somebody types.
    process.stderr.write(clean(question))
    const cancelled = () => reject(new CliError('usage', 'Cancelled; nothing was changed.'))
    // `close` comes after every end; a promise that is settled already does not mind.
    lines.once('close', () => {
      if (hidden) process.stderr.write('\n')
      cancelled()
    })
    lines.once('SIGINT', () => lines.close())
    lines.once('line', line => {
      resolve(line)
      lines.close()
    })
  })
}

/** The first line of standard input: how scripts hand over a password, which never stands on a command line. */
const firstLine = async (): Promise<string> => {
  let text = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += chunk
    if (text.length > MOST) throw new CliError('usage', 'Standard input is too long to be a password.')
  }
  const [line = ''] = text.split(/\r?\n/, 1)
  if (line === '') throw new CliError('usage', 'There was no password on standard input.')
  return line
}

/** A password from standard input or, without echo, from the terminal; `repeat` asks twice, for a new one. */
export const askPassword = async ({
  fromStdin,
  question = 'Password: ',
  repeat = false,
}: {
  fromStdin: boolean | undefined
  question?: string
  repeat?: boolean
}): Promise<string> => {
  if (fromStdin) return firstLine()
  const instead = '--password-stdin'
  const password = await ask(question, { hidden: true, instead })
  if (repeat && (await ask('Once more: ', { hidden: true, instead })) !== password) {
    throw new CliError('usage', 'The two are not the same; nothing was changed.')
  }
  return password
}
