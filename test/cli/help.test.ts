import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { Command } from 'commander'
import { exitOf, exits } from '../../cli/exit.ts'
import { createProgram } from '../../cli/program.ts'
import { errorTable } from '../../contract/errors.ts'
import { run } from './command.ts'

const docs = await readFile(new URL('../../docs/command-line.md', import.meta.url), 'utf8')

test('help reads well and lists every exit code', async () => {
  const { code, stdout, stderr } = await run(['--help'])
  assert.equal(code, 0)
  assert.equal(stderr, '')
  assert.match(stdout, /^Usage: valise /)
  for (const heading of ['For people:', 'For whoever runs the server:', 'Examples:', 'Exit codes:']) {
    assert.ok(stdout.includes(heading), heading)
  }
  for (const { code: number, meaning } of Object.values(exits)) assert.ok(stdout.includes(`  ${number}  ${meaning}`))
  assert.deepEqual(
    stdout.split('\n').filter(line => line.length > 110),
    [],
  )
})

test('valise help explains itself and any command', async () => {
  const help = await run(['help'])
  assert.deepEqual(help, await run(['--help']))
  assert.deepEqual(await run(['help', 'send']), await run(['send', '--help']))
  assert.equal((await run(['help', 'frobnicate'])).code, 2)
  const keys = await run(['help', 'keys'])
  assert.deepEqual(keys, await run(['keys', 'help']))
  assert.doesNotMatch(keys.stdout, /For people/)
})

/** `user add` and the like: every command that does something. */
const leaves = (command: Command, path: readonly string[] = []): { path: readonly string[]; command: Command }[] =>
  command.commands.length === 0
    ? [{ path, command }]
    : command.commands.flatMap(child => leaves(child, [...path, child.name()]))

const all = leaves(createProgram(async () => {}))

test('every command explains itself and stands in the documentation', async () => {
  assert.ok(all.length >= 17)
  for (const { path, command } of all) {
    const help = command.helpInformation()
    assert.match(help, new RegExp(`^Usage: valise ${path.join(' ')}`))
    assert.match(command.description(), /\.$/m, `${path} says what it does in a sentence`)
    assert.ok(command.summary() !== '', `${path} has a line in the list`)
    assert.ok(docs.includes(`valise ${path.join(' ')}`), `${path} is in docs/command-line.md`)
    for (const { long, description } of command.options) assert.ok(description, `${path} ${long} is explained`)
  }
})

test('the documentation names no command or option that does not exist', () => {
  const known = new Set(all.map(({ path }) => path.join(' ')))
  for (const [, text = ''] of docs.matchAll(/`valise ([a-z][^`]*)`/g)) {
    const words = text.split(' ')
    const path = known.has(words.slice(0, 2).join(' ')) ? words.slice(0, 2) : words.slice(0, 1)
    const found = all.find(leaf => leaf.path.join(' ') === path.join(' '))
    assert.ok(found, `valise ${text}`)
    const options = [...found.command.options.map(({ long }) => long), '--help']
    for (const [option] of text.matchAll(/--[a-z-]+/g)) assert.ok(options.includes(option), `valise ${text}: ${option}`)
  }
})

test('the table of exit codes is the same in the code and in the documentation', () => {
  const rows = [...docs.matchAll(/^\| (\d+) \| (.+) \|$/gm)].map(([, code, meaning]) => [Number(code), meaning])
  assert.deepEqual(
    rows,
    Object.values(exits).map(({ code, meaning }) => [code, meaning]),
  )
})

test('every code of an error has an exit, and no other has', () => {
  assert.deepEqual(Object.keys(exitOf).sort(), Object.keys(errorTable).sort())
})

test('mistakes on the command line end with 2 and a hint', async () => {
  for (const args of [
    ['frobnicate'],
    ['send'],
    ['list', '--frob'],
    ['login', '--role', 'king'],
    [],
    ['keys', 'frob'],
  ]) {
    const { code, stdout, stderr } = await run(args)
    assert.equal(code, 2, args.join(' '))
    assert.equal(stdout, '')
    assert.match(stderr, /--help|Usage:/)
    assert.doesNotMatch(stderr, /\n\s+at /)
  }
})

test('send needs to know for whom', async () => {
  const { code, stderr } = await run(['send', 'x.docx'])
  assert.equal(code, 2)
  assert.match(stderr, /--to ADDRESS, --group NAME or --everyone/)
})
