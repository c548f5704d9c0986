import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Audit } from './audit/append.ts'
import type { Config } from './config.ts'
import { openBox, sealBox } from './crypto/box.ts'
import { newId, type RandomBytes } from './crypto/random.ts'
import type { Tx } from './db/schema.ts'
import { recordNotified } from './handoffs/notified.ts'
import type { Installation } from './installation.ts'
import { createMailFolder } from './mail/folder.ts'
import { malwareFound } from './mail/messages.ts'
import { createOutbox, type Outbox } from './mail/outbox.ts'
import { createSmtp } from './mail/smtp.ts'

type Needs = {
  config: Config
  installation: Installation
  audit: Audit
  log: Logger
  random: RandomBytes
  now: () => number
}

/** The outbox with what it stands on: sealed bodies, a relay or the development folder. For the server and for `valise worker`. */
export const createMailer = ({ config, installation, audit, log, random, now }: Needs) => {
  const { db, keyring } = installation
  const smtp = config.smtp && createSmtp({ url: config.smtp, from: config.mailFrom ?? '' })
  const folder = smtp
    ? undefined
    : createMailFolder({ folder: join(config.dataDir, 'mail'), from: 'Valise <valise@localhost>', now })
  const deliver = smtp?.deliver ?? folder?.deliver
  if (!deliver) throw new Error('Mail has nowhere to go')
  const outbox = createOutbox({
    db,
    seal: (id, bytes) =>
      sealBox({ keyring, purpose: 'valise/outbox/v1', aad: Buffer.from(id), plaintext: bytes, random }),
    open: (id, bytes) => openBox({ keyring, purpose: 'valise/outbox/v1', aad: Buffer.from(id), bytes }),
    newId: () => newId(random),
    now,
    deliver,
    onAccepted: async (tx, { id, kind }) => {
      if (await recordNotified(tx, audit, { mail: id, about: kind, at: now() })) return
      await audit.append(tx, { kind: 'mail.accepted', actor: null, subject: { mail: id }, data: { about: kind } })
    },
    onGivenUp: async (tx, { id, kind, error }) => {
      log.error({ mail: id, about: kind, error }, 'a mail was given up')
      await audit.append(tx, { kind: 'mail.given_up', actor: null, subject: { mail: id }, data: { about: kind } })
    },
    onError: error => log.error({ err: error }, 'the outbox failed'),
  })
  return {
    outbox,
    folder,
    stop: async (): Promise<void> => {
      await outbox.stop()
      smtp?.close()
    },
  }
}

/** Writes to the sender of a file that the malware scanner stopped, in the transaction that stops it. */
export const tellSender =
  ({ outbox, publicUrl }: { outbox: Outbox; publicUrl: URL }) =>
  async (tx: Tx, file: { uploaded_by: string; uploaded_at: number; refused: boolean }): Promise<void> => {
    const sender = await tx
      .selectFrom('accounts')
      .select(['email', 'language'])
      .where('id', '=', file.uploaded_by)
      .executeTakeFirstOrThrow()
    const message = malwareFound({
      publicUrl: publicUrl.origin,
      language: sender.language,
      refused: file.refused,
      at: file.uploaded_at,
    })
    await outbox.enqueue(tx, { kind: 'malware_found', to: sender.email, message })
  }
