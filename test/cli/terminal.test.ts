import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeOffice } from '../office.ts'
import { PASSWORD, setUpAdmin } from '../people.ts'
import { startServer } from '../server.ts'
import { entry, scratch } from './command.ts'

const SCRIPT = '/usr/bin/script'
const skip = existsSync(SCRIPT) ? false : 'needs script(1) of util-linux for a terminal'

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** Runs the command on a terminal of its own and types each answer when its question has been asked. */
const onTerminal = (
  args: readonly string[],
  { env, cwd, answers }: { env: Record<string, string>; cwd: string; answers: readonly (readonly [string, string])[] },
): Promise<{ code: number | null; screen: string }> => {
  const command = [process.execPath, entry, ...args].map(quote).join(' ')
  const child = spawn(SCRIPT, ['-qefc', `stty cols 120; ${command}`, '/dev/null'], {
    cwd,
    env: { PATH: process.env.PATH ?? '', HOME: cwd, TERM: 'xterm', SHELL: '/bin/sh', ...env },
  })
  let screen = ''
  const waiting = [...answers]
  child.stdout.setEncoding('utf8').on('data', text => {
    screen += text
    const [next] = waiting
    if (next && screen.includes(next[0])) {
      waiting.shift()
      child.stdin.write(next[1])
    }
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => resolve({ code, screen }))
  })
}

test('on a terminal: questions, a password that is not echoed, a progress bar', { skip }, async t => {
  const server = await startServer()
  t.after(() => server.stop())
  await setUpAdmin(server)
  const cwd = await scratch(t)
  const env = { XDG_CONFIG_HOME: join(cwd, 'config') }
  const login = await onTerminal(['login'], {
    env,
    cwd,
    answers: [
      ['Server [http://localhost:8080]: ', `${server.url}\r`],
      ['send documents (ops)', 'ops\r'],
      ['E-mail address: ', 'admin@firm.example\r'],
      ['Password: ', `${PASSWORD}\r`],
    ],
  })
  assert.equal(login.code, 0, login.screen)
  assert.match(login.screen, /Signed in to/)
  assert.match(login.screen, /\]: ops\r+\n/, 'what is no secret is echoed, once')
  assert.match(login.screen, /address: admin@firm\.example\r+\n/)
  assert.match(login.screen, /Password: \r+\n/, 'nothing of the password, not even its length')

  await writeFile(join(cwd, 'long.docx'), makeOffice({ type: 'docx', padTo: 4_000_000 }))
  const sent = await onTerminal(['send', 'long.docx', '--everyone'], { env, cwd, answers: [] })
  assert.equal(sent.code, 0, sent.screen)
  assert.match(sent.screen, /long\.docx {2}[#-]{20} +\d+ % {2}[\d.]+ \w+ of 3\.8 MiB/)
  assert.match(sent.screen, /sent to everyone/)
})

test('on a terminal: Ctrl-C at the password changes nothing', { skip }, async t => {
  const cwd = await scratch(t)
  const env = { XDG_CONFIG_HOME: join(cwd, 'config') }
  const login = await onTerminal(
    ['login', '--server', 'http://localhost:1', '--role', 'ops', '--email', 'a@b.example'],
    { env, cwd, answers: [['Password: ', '\u0003']] },
  )
  assert.equal(login.code, 2)
  assert.match(login.screen, /Cancelled; nothing was changed/)
  assert.ok(!existsSync(join(cwd, 'config')))
})
