import { constants } from 'node:fs'
import { chmod, lstat, mkdir, open, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { compose, parseSender } from './compose.ts'
import { type Deliver, type Mail, TransientMailError } from './deliver.ts'

/** As made by `nameFor`: sorts by time, ends in the mail's random id. */
const NAME = /^\d{8}T\d{9}Z-[A-Za-z0-9_-]{22}$/
const EXCLUSIVE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)

/** A mail in the development mailbox. `name` is what `read` takes; `date` is RFC 3339. */
export type StoredMail = { name: string; from: string; to: string; subject: string; date: string; text: string }

/**
 * Delivery for development: each mail becomes `<name>.eml`, as a relay would have got it, and `<name>.json`, which says the
 * same for the mailbox page. Folder 0700, files 0600: they hold live tokens. Links in the folder are not followed.
 */
export const createMailFolder = ({ folder, from, now }: { folder: string; from: string; now: () => number }) => {
  const sender = parseSender(from)
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' })

  const build = async (mail: Mail): Promise<Buffer> => {
    const { message } = await transport.sendMail({ ...compose(mail, sender), date: new Date(now()) })
    return Buffer.isBuffer(message) ? message : Buffer.from(await Array.fromAsync(message).then(Buffer.concat))
  }

  const deliver: Deliver = async mail => {
    const content = await build(mail)
    const at = now()
    const name = nameFor(at, mail.id)
    const { to, subject, text } = mail
    const shown: StoredMail = { name, from, to, subject, date: new Date(at).toISOString(), text }
    try {
      await makePrivate(folder)
      await place(join(folder, `${name}.json`), JSON.stringify(shown))
      // Last, so that whoever sees the mail finds all of it.
      await place(join(folder, `${name}.eml`), content)
    } catch (error) {
      throw new TransientMailError('the mail folder cannot be written', { cause: error })
    }
  }

  /** The mail of that name; undefined if there is none, or the name is not one of ours. */
  const read = async (name: string): Promise<StoredMail | undefined> => {
    if (!NAME.test(name) || !(await isOurs(folder))) return undefined
    const text = await readText(join(folder, `${name}.json`))
    const value: unknown = text === undefined ? undefined : JSON.parse(text)
    return isStored(value) ? value : undefined
  }

  /** Newest first, at most `limit`. */
  const list = async (limit = 100): Promise<StoredMail[]> => {
    if (!(await isOurs(folder))) return []
    const names = (await namesIn(folder))
      .filter(name => NAME.test(name))
      .sort()
      .reverse()
      .slice(0, limit)
    return (await Promise.all(names.map(read))).filter(mail => mail !== undefined)
  }

  return { deliver, listMails: list, readMail: read }
}

const nameFor = (at: number, id: string): string => `${new Date(at).toISOString().replace(/[-:.]/g, '')}-${id}`

const makePrivate = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (!(await lstat(folder)).isDirectory()) throw new Error('A link stands where the mail folder should')
  await chmod(folder, 0o700)
}

/** Not through a link in the folder's place: what lies behind it are not our mails. */
const isOurs = async (folder: string): Promise<boolean> => {
  try {
    return (await lstat(folder)).isDirectory()
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

/** Appears whole under its name or not at all. */
const place = async (path: string, content: string | Uint8Array): Promise<void> => {
  const file = await open(`${path}.part`, EXCLUSIVE, 0o600)
  try {
    await file.chmod(0o600)
    await file.writeFile(content)
    // The outbox forgets the mail once it is delivered.
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.part`, path)
}

const namesIn = async (folder: string): Promise<string[]> => {
  try {
    return (await readdir(folder)).filter(file => file.endsWith('.eml')).map(file => file.slice(0, -'.eml'.length))
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

const readText = async (path: string): Promise<string | undefined> => {
  try {
    await using file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
    return await file.readFile('utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'

const isStored = (value: unknown): value is StoredMail =>
  typeof value === 'object' &&
  value !== null &&
  ['name', 'from', 'to', 'subject', 'date', 'text'].every(
    field => field in value && typeof Object.getOwnPropertyDescriptor(value, field)?.value === 'string',
  )
