import type { Message } from './deliver.ts'
import type { Part } from './layout.ts'
import { letter, type Writing } from './letter.ts'

/**
 * Mails about documents. They go to verified addresses only and may therefore name people, files and words that people chose;
 * subjects still do not, since they are shown where nothing else of a mail is. None loads or counts anything.
 */

type Draft = Parameters<Parameters<typeof letter>[1]>[0]
type Person = { name: string; email: string }
type Document = { id: string; name: string; expires_at: number | null }

const listed = ({ words, moment }: Draft, { name, expires_at }: Document): string =>
  expires_at === null ? name : words.until(name, moment(expires_at))

/** One document has a page of its own; several are in the list. */
const place = ({ words, page }: Draft, files: readonly Document[]): Part => {
  const [only] = files
  return files.length === 1 && only
    ? { label: words.openOne, href: page(`documents/${only.id}`) }
    : { label: words.openAll, href: page('documents') }
}

/** `at`: milliseconds since 1970. */
type HandedOver = Writing & { sender: Person; at: number; note: string | null; files: readonly Document[] }

export const handedOver = ({ sender, at, note, files, ...writing }: HandedOver): Message =>
  letter(writing, draft => {
    const { subject, what, writes } = draft.words.handedOver
    return {
      subject: subject(draft.host),
      parts: [
        what(sender.name, sender.email, files.length, draft.moment(at)),
        { list: files.map(file => listed(draft, file)) },
        ...(note === null ? [] : [writes(sender.name), { quote: note }]),
        place(draft, files),
        draft.words.safe,
      ],
    }
  })

type Waiting = Document & { sender: string; email: string }

/** Files that wait for one client, and have been told of before. */
export const reminder = ({ files, ...writing }: Writing & { files: readonly Waiting[] }): Message =>
  letter(writing, draft => {
    const { subject, what } = draft.words.reminder
    const list = files.map(file => draft.words.from(listed(draft, file), file.sender, file.email))
    return {
      subject: subject(draft.host),
      parts: [what(files.length), { list }, place(draft, files), draft.words.safe],
    }
  })

type Happened = readonly { client: Person; file: { id: string; name: string } }[]

const files = ({ words, page }: Draft, happened: Happened): Part => {
  const [only, ...more] = new Set(happened.map(({ file }) => file.id))
  return more.length === 0 && only
    ? { label: words.openFile, href: page(`ops/files/${only}`) }
    : { label: words.openFiles, href: page('ops/files') }
}

const lines = (happened: Happened): Part => ({
  list: happened.map(({ client, file }) => `${file.name}: ${client.name} (${client.email})`),
})

/** To a sender who asked to be told. */
export const fetched = ({ happened, ...writing }: Writing & { happened: Happened }): Message =>
  letter(writing, draft => {
    const { subject, what } = draft.words.fetched
    return { subject: subject(draft.host), parts: [what, lines(happened), files(draft, happened)] }
  })

/** To a sender: clients ask for files whose time is over. */
export const askedAgain = ({ happened, ...writing }: Writing & { happened: Happened }): Message =>
  letter(writing, draft => {
    const { subject, what, how } = draft.words.askedAgain
    return { subject: subject(draft.host), parts: [what, lines(happened), how, files(draft, happened)] }
  })
