import { canonical, type Json } from './json.ts'
import { commitment, isCommitment } from './leaf.ts'

const value: unique symbol = Symbol('personal value')

/** A text about a person: the entry holds a commitment to it, an erasable table the text. */
export type Personal = { readonly [value]: string }

/**
 * Marks a personal field: ids and names of people, addresses, file and group names, notes, IP, user agent (formats.md). What
 * belongs to one person stands in one object beside that person's `id`, so that an erasure finds it.
 */
export const personal = (text: string): Personal => ({ [value]: text })

/** What callers may put into `subject` and `data`; `undefined` is left out. */
export type Field = Json | Personal | undefined | readonly Field[] | Fields
export type Fields = { readonly [name: string]: Field }

/** Who did it: an account as its door's guard established it, and where the request came from. */
export type Actor = {
  id: string
  role: 'ops' | 'client'
  email: string
  name: string
  ip?: string
  user_agent?: string
}

/** A file an event is about. Its owner (the uploader) sees the event too, even when the file is gone. */
export type FileRef = { id: string; owner: string; name: string; sha256?: Uint8Array }

export type Person = { id: Personal; role: 'ops' | 'client'; email: Personal; name: Personal }

/** The account an event is about. */
export const person = (account: Pick<Actor, 'id' | 'role' | 'email' | 'name'>): Person => ({
  id: personal(account.id),
  role: account.role,
  email: personal(account.email),
  name: personal(account.name),
})

/** `path` is an RFC 6901 pointer into the entry, `value` the RFC 8785 text that the commitment there hashes behind `salt`. */
export type Disclosure = { path: string; salt: Uint8Array; value: string }

/** Browsers send about 150 characters; a program that sends kilobytes does not get to store them. */
const USER_AGENT = 300

/** An event in the shape every kind shares; `kinds.ts` says what each really takes. */
export type Shape = { actor: Actor | null; subject?: Fields; file?: FileRef; data?: Fields }

/**
 * The entry `{v:1,id,at,kind,actor,subject,data}` of an event as RFC 8785 text, and what opens the commitments in it. `at` is
 * milliseconds since 1970, `random` gives the salts.
 */
export const toEntry = (
  event: Shape & { kind: string; id: string; at: number },
  random: (bytes: number) => Uint8Array,
): { entry: string; disclosures: Disclosure[] } => {
  const disclosures: Disclosure[] = []
  const nextSalt = createSalts(random)

  const commit = (text: string, path: string): string => {
    const salt = nextSalt()
    const opened = canonical(text)
    disclosures.push({ path, salt, value: opened })
    return commitment(salt, opened)
  }

  const close = (field: Exclude<Field, undefined>, path: string): Json => {
    if (typeof field === 'string') {
      const text = field.toWellFormed()
      // An open text that looks like a commitment becomes one, so that whoever reads an entry can tell by the shape.
      return isCommitment(text) ? commit(text, path) : text
    }
    if (field === null || typeof field !== 'object') return field
    if (isPersonal(field)) return commit(field[value].toWellFormed(), path)
    if (isList(field)) return field.map((item, index) => (item === undefined ? null : close(item, `${path}/${index}`)))
    const members: [string, Json][] = []
    for (const [name, member] of Object.entries(field)) {
      if (member !== undefined) members.push([name, close(member, `${path}/${escapePointer(name)}`)])
    }
    return Object.fromEntries(members)
  }

  const subject = subjectOf(event)
  const entry = canonical({
    v: 1,
    id: event.id,
    at: new Date(event.at).toISOString(),
    kind: event.kind,
    actor: event.actor && close(actorFields(event.actor), '/actor'),
    subject: subject && close(subject, '/subject'),
    data: close(event.data ?? {}, '/data'),
  })
  return { entry, disclosures }
}

/** Salts of 16 bytes, drawn sixteen at a time: one call to the generator costs more than all hashing of an event. */
const createSalts = (random: (bytes: number) => Uint8Array) => {
  let drawn = new Uint8Array(0)
  let used = 0
  return (): Uint8Array => {
    if (used === drawn.length) {
      drawn = Uint8Array.from(random(256))
      used = 0
    }
    used += 16
    return drawn.subarray(used - 16, used)
  }
}

/** One segment of an RFC 6901 pointer. */
export const escapePointer = (name: string): string =>
  /[~/]/.test(name) ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name

const actorFields = (actor: Actor): Fields => ({
  ...person(actor),
  ip: actor.ip === undefined ? undefined : personal(actor.ip),
  user_agent: actor.user_agent === undefined ? undefined : personal(actor.user_agent.slice(0, USER_AGENT)),
})

const subjectOf = ({ subject, file }: Shape): Fields | null => {
  if (!file) return subject ?? null
  return {
    ...subject,
    file: file.id,
    owner: personal(file.owner),
    name: personal(file.name),
    sha256: file.sha256 && Buffer.from(file.sha256).toString('hex'),
  }
}

const isPersonal = (field: object): field is Personal => value in field

const isList = (field: object): field is readonly Field[] => Array.isArray(field)
