import { verifyAudit } from '../../server/audit/verify.ts'
import type { Config } from '../../server/config.ts'
import type { Installation } from '../../server/installation.ts'
import { createSmtp } from '../../server/mail/smtp.ts'
import { keyUse } from '../admin/key-use.ts'
import { isUnfinished } from '../admin/rotate.ts'
import { hint, type Line, mend, ok, reason } from './line.ts'

/** A mail waiting this long, in milliseconds, waits for somebody. */
const LATE = 3_600_000

/** Every leaf of the audit log against its entry. */
export const checkAudit = async ({ db }: Installation): Promise<Line[]> => {
  const verdict = await verifyAudit(db.read)
  if (verdict.ok) return [ok('audit log', `${verdict.events} events, all as recorded`)]
  return [mend('audit log', `event ${verdict.seq}: ${verdict.problem} Compare with a backup; somebody changed it`)]
}

/** Whether a rotation waits to be finished, and whether files hang on keys that are gone. */
export const checkKeys = async (installation: Installation): Promise<Line[]> => {
  if (await isUnfinished(installation)) {
    return [mend('keys', 'a rotation was cut short: stop the server and run valise keys rotate, which finishes it')]
  }
  const uses = await keyUse(installation, Date.now())
  const retired = uses.filter(({ state }) => state === 'retired').length
  const lost = uses.filter(({ state, files }) => state === 'destroyed' && files > 0)
  if (lost.length > 0) {
    return [mend('keys', `files hang on destroyed keys (${lost.map(({ id }) => id).join(', ')}): restore the keyring`)]
  }
  return [ok('keys', retired === 0 ? 'one seals' : `one seals, ${retired} retired: valise keys list`)]
}

/** The relay, up to and including its sign-in; and what waits for it. */
export const checkMail = async ({ db }: Installation, config: Config): Promise<Line[]> => {
  const lines: Line[] = []
  if (config.smtp === undefined) {
    lines.push(hint('mail', 'VALISE_SMTP_URL is not set: mails stay on this machine, on the mailbox page'))
  } else {
    const smtp = createSmtp({ url: config.smtp, from: config.mailFrom ?? '' })
    try {
      await smtp.verify()
      lines.push(ok('mail', `${config.smtp.host} accepts mail`))
    } catch (error) {
      lines.push(mend('mail', `${config.smtp.host} does not accept mail: ${reason(error)}`))
    } finally {
      smtp.close()
    }
  }
  const { late } = await db.read
    .selectFrom('outbox')
    .select(eb => eb.fn.countAll<number>().as('late'))
    .where('accepted_at', 'is', null)
    .where('failed_at', 'is', null)
    .where('created_at', '<', Date.now() - LATE)
    .executeTakeFirstOrThrow()
  if (Number(late) > 0) lines.push(hint('outbox', `${late} mails wait for more than an hour; does the server run?`))
  return lines
}
