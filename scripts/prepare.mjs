// Runs before every npm command, on whatever Node 20 or newer the machine has: installs what is missing and builds what is
// stale, so that `npm start` and `npm test` are the only two commands anybody needs. Does nothing, fast, when all is there.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const at = (...parts) => join(root, ...parts)

const run = (command, args) => {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 'inherit'],
    shell: process.platform === 'win32',
  })
  if (status !== 0) {
    console.error(
      `\n${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}. Mend what it says above and try again.`,
    )
    process.exit(1)
  }
}

/** The lock file this checkout was last installed from. */
const installed = at('node_modules', '.valise-installed')
const lock = readFileSync(at('package-lock.json'), 'utf8')
if (!existsSync(installed) || readFileSync(installed, 'utf8') !== lock) {
  console.error('Installing what is missing (once; about half a minute) …')
  run('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'])
  writeFileSync(installed, lock)
}

const node = at('node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node')
const major = Number(process.versions.node.split('.', 1)[0])
if (!existsSync(node) && major < 24) {
  console.error(
    'Valise needs Node 24 on this kind of machine (no packaged one exists for it): install it from nodejs.org.',
  )
  process.exit(1)
}

/** The newest change below a folder, milliseconds. */
const newest = folder =>
  readdirSync(folder, { withFileTypes: true, recursive: true }).reduce(
    (time, entry) =>
      entry.isFile() ? Math.max(time, statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs) : time,
    0,
  )

/** What is built, from which folders and files. */
const builds = [
  { what: 'the web app', script: 'build:web', folder: 'web', sources: ['web', 'contract'] },
  { what: 'the server', script: 'build:node', folder: 'node', sources: ['server', 'cli', 'contract', 'scripts'] },
]
for (const { what, script, folder, sources } of builds) {
  const marker = at('dist', folder, '.built')
  const changed = Math.max(...sources.map(source => newest(at(source))), statSync(installed).mtimeMs)
  if (existsSync(marker) && statSync(marker).mtimeMs >= changed) continue
  console.error(`Building ${what} (after changes only) …`)
  run('npm', ['run', '--silent', script, '--', '--logLevel', 'warn'])
  writeFileSync(marker, '')
}
