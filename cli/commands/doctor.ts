import { existsSync } from 'node:fs'
import { type Config, environment, readConfig } from '../../server/config.ts'
import { systemRandom } from '../../server/crypto/random.ts'
import { type Installation, openInstallation } from '../../server/installation.ts'
import { checkDatabase, checkFolder, checkKeyring } from '../doctor/files.ts'
import { type Line, mend, ok, reason } from '../doctor/line.ts'
import { checkAudit, checkKeys, checkMail } from '../doctor/records.ts'
import { scan } from '../doctor/scan.ts'
import { checkScanner } from '../doctor/scanner.ts'
import { checkBlobs, checkClock, checkDatabaseSpace, checkStorage, checkStorageFolder } from '../doctor/storage.ts'
import type { Exit } from '../exit.ts'
import { explain } from '../explain.ts'
import { clean, say, sayJson, wrap } from '../terminal.ts'

type Options = { scan?: boolean; json?: boolean }

/** `valise doctor`: every line says that something is well, or what to do about it. */
export const doctor = async ({ scan: deep = false, json = false }: Options): Promise<Exit> => {
  let sick = false
  for await (const line of examine(deep)) {
    sick ||= line.state === 'mend'
    show(line, json)
  }
  return sick ? 'refused' : 'done'
}

async function* examine(deep: boolean): AsyncGenerator<Line> {
  let config: Config
  try {
    config = readConfig(environment())
    yield ok('settings', 'understood: valise config shows them')
  } catch (error) {
    for (const text of (await explain(error)).lines.slice(1)) yield mend('settings', text.replace(/^\s*- /, ''))
    return
  }
  if (!existsSync(config.dataDir)) {
    yield mend('data folder', `${config.dataDir} is not there: start the server once, or set VALISE_DATA_DIR`)
    return
  }
  // What stands on the keyring and the database is looked at only when both are well: opening writes.
  const first = [
    ...checkFolder(config),
    ...checkKeyring(config),
    ...checkDatabase(config),
    ...checkStorageFolder(config),
  ]
  yield* first
  if (first.some(({ what, state }) => state === 'mend' && what !== 'data folder')) return
  let installation: Installation
  try {
    installation = await openInstallation(config, { random: systemRandom, now: Date.now })
  } catch (error) {
    const { lines } = await explain(error)
    yield mend('keyring', lines.map(text => text.replace(/^\s*- /, '')).join(' '))
    return
  }
  try {
    yield* inside(installation, config, deep)
  } finally {
    await installation.close()
  }
}

async function* inside(installation: Installation, config: Config, deep: boolean): AsyncGenerator<Line> {
  const checks: (() => Promise<Line[]>)[] = [
    () => checkKeys(installation),
    () => checkStorage(installation, config),
    () => checkDatabaseSpace(config),
    () => checkBlobs(installation),
    () => checkAudit(installation),
    () => checkClock(installation, config),
    () => checkMail(installation, config),
    () => checkScanner(installation, config),
    ...(deep ? [() => scan(installation)] : []),
  ]
  for (const check of checks) {
    try {
      yield* await check()
    } catch (error) {
      // One check that cannot be made must not hide what the others find.
      yield mend('check', `it could not be made: ${reason(error)}`)
    }
  }
}

const marks = { ok: 'ok  ', note: 'note', mend: 'MEND' } as const

const show = ({ state, what, text }: Line, json: boolean): void => {
  if (json) {
    sayJson({ state, what, text })
    return
  }
  const [first = '', ...rest] = wrap(clean(text), ' '.repeat(20))
  say(`${marks[state]}  ${what.padEnd(14)}${first.slice(20)}`)
  for (const line of rest) say(line)
}
