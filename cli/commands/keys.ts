import { createAudit } from '../../server/audit/append.ts'
import { type Config, environment, readConfig } from '../../server/config.ts'
import { rewriteKeyringFile } from '../../server/crypto/keyring-file.ts'
import { systemRandom } from '../../server/crypto/random.ts'
import { InUseError } from '../../server/in-use.ts'
import { claim } from '../../server/installation.ts'
import { isNeeded, type KeyUse, keyUse } from '../admin/key-use.ts'
import { requireData, withInstallation } from '../admin/open.ts'
import { rotateKeys, type Step } from '../admin/rotate.ts'
import { CliError, type Exit } from '../exit.ts'
import { day, say, sayJson, table } from '../terminal.ts'

/** `valise keys list` */
export const listKeys = async ({ json = false }: { json?: boolean }): Promise<Exit> => {
  const uses = await withInstallation(installation => keyUse(installation, Date.now()))
  if (json) for (const use of uses) sayJson({ ...use, until: use.until ? new Date(use.until).toISOString() : null })
  else for (const line of table(uses.map(row))) say(line)
  return 'done'
}

const row = (use: KeyUse): string[] => [use.id, use.state, use.created_at.slice(0, 10), needs(use)]

const needs = (use: KeyUse): string => {
  if (use.state === 'destroyed') return 'what it alone sealed is gone for good'
  const parts = [
    use.files > 0 ? `wraps ${count(use.files, 'file')}` : '',
    use.uploads > 0 ? `wraps ${count(use.uploads, 'unfinished upload')}` : '',
    use.mails > 0 ? `seals ${count(use.mails, 'mail')} not sent yet` : '',
    use.until === undefined ? '' : `sessions or links until ${day(new Date(use.until).toISOString())} UTC`,
  ].filter(Boolean)
  if (parts.length > 0) return parts.join(', ')
  return isNeeded(use) ? '' : `needed by nothing here: valise keys destroy ${use.id}`
}

const count = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? '' : 's'}`

/** `valise keys rotate` */
export const rotate = async (): Promise<Exit> => {
  const config = readConfig(environment())
  const release = hold(config)
  try {
    const done = await rotateKeys({ config, random: systemRandom, now: Date.now, onStep: tell })
    if (done.resumed) say(`This finished a rotation that had been cut short.`)
    say(`Key ${done.to} seals from now on; ${done.from} only opens what it sealed. Start the server again.`)
    say('')
    say(`Now back up ${config.keyringFile}, apart from the data. Then, when \`valise keys list\` says that nothing`)
    say(`needs ${done.from} any more: \`valise keys destroy ${done.from}\`. After that, files deleted before today`)
    say('cannot be opened from old backups of the data either.')
    return 'done'
  } finally {
    release()
  }
}

const tell = (step: Step): void => {
  if (step.step === 'keyring') say(`Key ${step.to} is in the keyring.`)
  else if (step.step === 'files')
    say(`${count(step.count, 'file')} ${step.count === 1 ? 'is' : 'are'} wrapped under it.`)
  else say('The audit log says so.')
}

/** `valise keys destroy` */
export const destroy = async (id: string): Promise<Exit> => {
  const config = readConfig(environment())
  const release = hold(config)
  try {
    await withInstallation(async installation => {
      const use = (await keyUse(installation, Date.now())).find(key => key.id === id)
      if (!use) throw new CliError('not_found', `The keyring has no key ${id}. See: valise keys list`)
      if (use.state === 'destroyed') return
      if (isNeeded(use)) {
        throw new CliError('conflict', `Key ${id} is still needed (${needs(use) || use.state}); nothing was changed.`)
      }
      // First the record: if it ends here, the key is still there and the command is given again.
      const audit = createAudit({ random: systemRandom, now: Date.now })
      await installation.db.write(tx => audit.append(tx, { kind: 'keys.destroyed', actor: null, data: { key: id } }))
      rewriteKeyringFile(config.keyringFile, installation.keyring.without(id), systemRandom)
    })
    say(`Key ${id} is destroyed here. Replace the backups of the keyring too: whoever has an old one has the key.`)
    return 'done'
  } finally {
    release()
  }
}

/** Keys change only while nothing seals with them: no server and no worker may run on the folder. */
const hold = (config: Config): (() => void) => {
  if (config.keyring !== undefined) {
    throw new CliError('usage', 'The keyring comes from VALISE_KEYRING, which this program cannot write; use a file.')
  }
  requireData(config)
  const claims: { release: () => void }[] = []
  const release = () => {
    for (const claim of claims) claim.release()
  }
  try {
    for (const what of ['server', 'worker'] as const) claims.push(claim(config, what))
    return release
  } catch (cause) {
    release()
    if (!(cause instanceof InUseError)) throw cause
    throw new CliError('conflict', `A server or worker runs on ${config.dataDir}; stop it first, then try again.`, {
      cause,
    })
  }
}
