import type { Message } from './deliver.ts'
import type { Part } from './layout.ts'
import { letter, moment, pageOf } from './messages.ts'

/**
 * Mails about documents. They go to verified addresses only and may therefore name people, files and words that people chose;
 * subjects still do not, since they are shown where nothing else of a mail is. None loads or counts anything.
 */

type Person = { name: string; email: string }
type Document = { id: string; name: string; expires_at: number | null }

const documents = (count: number): string => (count === 1 ? 'a document' : `${count} documents`)

const listed = ({ name, expires_at }: Document): string =>
  expires_at === null ? name : `${name} (until ${moment(expires_at)})`

/** One document has a page of its own; several are in the list. */
const where = (publicUrl: string, files: readonly Document[]): Part => {
  const [only] = files
  return files.length === 1 && only
    ? { label: 'Open the document', href: pageOf(publicUrl, `documents/${only.id}`) }
    : { label: 'Open your documents', href: pageOf(publicUrl, 'documents') }
}

const SAFE =
  'The link holds no secret: you sign in to see anything. Nobody will ever ask you for your password in a mail.'

export const handedOver = ({
  publicUrl,
  sender,
  at,
  note,
  files,
}: {
  publicUrl: string
  sender: Person
  at: number
  note: string | null
  files: readonly Document[]
}): Message =>
  letter(publicUrl, 'Documents for you at', [
    `${sender.name} (${sender.email}) handed ${documents(files.length)} over to you on ${moment(at)}:`,
    { list: files.map(listed) },
    ...(note === null ? [] : [`${sender.name} writes:`, { quote: note }]),
    where(publicUrl, files),
    SAFE,
  ])

/** Files that wait for one client, and have been told of before. */
export const reminder = ({
  publicUrl,
  files,
}: {
  publicUrl: string
  files: readonly (Document & { sender: string; email: string })[]
}): Message =>
  letter(publicUrl, 'Documents wait for you at', [
    `${files.length === 1 ? 'A document waits' : `${files.length} documents wait`} for you that you have not downloaded yet:`,
    { list: files.map(file => `${listed(file)}, from ${file.sender} (${file.email})`) },
    where(publicUrl, files),
    SAFE,
  ])

type Happened = readonly { client: Person; file: { id: string; name: string } }[]

const wherever = (publicUrl: string, happened: Happened): Part => {
  const ids = new Set(happened.map(({ file }) => file.id))
  const [only] = ids
  return ids.size === 1 && only
    ? { label: 'Open the file', href: pageOf(publicUrl, `ops/files/${only}`) }
    : { label: 'Open your files', href: pageOf(publicUrl, 'ops/files') }
}

const lines = (happened: Happened): string[] =>
  happened.map(({ client, file }) => `${file.name}: ${client.name} (${client.email})`)

/** To a sender who asked to be told. */
export const fetched = ({ publicUrl, happened }: { publicUrl: string; happened: Happened }): Message =>
  letter(publicUrl, 'Your documents were fetched at', [
    'You asked to be told when a client has downloaded what you handed over:',
    { list: lines(happened) },
    wherever(publicUrl, happened),
  ])

/** To a sender: clients ask for files whose time is over. */
export const askedAgain = ({ publicUrl, happened }: { publicUrl: string; happened: Happened }): Message =>
  letter(publicUrl, 'You are asked for documents at', [
    'Somebody would like to have a document whose time is over:',
    { list: lines(happened) },
    'To let them have it, give the file a new end on its page.',
    wherever(publicUrl, happened),
  ])
