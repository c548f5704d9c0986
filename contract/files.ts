import { Type } from 'typebox'
import { Finding } from './errors.ts'
import { Answer, Body, Email, Id, Line, Nullable, Page, Paging, type Static, Time } from './wire.ts'

export const FileType = Type.Union([Type.Literal('docx'), Type.Literal('xlsx'), Type.Literal('pptx')])
export type FileType = Static<typeof FileType>
export const FileStatus = Type.Union([Type.Literal('available'), Type.Literal('pending'), Type.Literal('expired')])

const idOrEmail = Type.String({ minLength: 1, maxLength: 254, description: 'id or e-mail address' })

/** Replaces the whole audience; what is left out is empty. An address that is invited but not here yet counts. */
export const Audience = Body({
  everyone: Type.Optional(Type.Boolean({ description: 'all verified clients' })),
  groups: Type.Optional(Type.Array(Id, { maxItems: 1000 })),
  clients: Type.Optional(Type.Array(idOrEmail, { maxItems: 1000 })),
})
export type Audience = Static<typeof Audience>

const common = {
  id: Id,
  name: Type.String(),
  type: FileType,
  size: Type.Integer({ description: 'bytes' }),
  sha256: Type.String({ description: 'hex, of the plaintext' }),
  status: FileStatus,
  uploaded_at: Time,
  expires_at: Nullable(Time),
  uploaded_by: Answer({ id: Id, name: Type.String(), email: Type.String() }),
  note: Nullable(
    Type.String({ description: 'of the hand-off it came with; to a client, of one that was for that client' }),
  ),
  findings: Type.Array(Finding),
}

export const File = Answer(
  {
    ...common,
    audience: Answer({
      everyone: Type.Boolean(),
      groups: Type.Array(Answer({ id: Id, name: Type.String() })),
      clients: Type.Array(Answer({ id: Id, email: Type.String() })),
    }),
    erased_at: Nullable(
      Type.String({ format: 'date-time', description: 'when an expired file will be gone for good' }),
    ),
    tell_me: Type.Boolean({
      description: 'whether the uploader is told when a client has fetched it for the first time',
    }),
    deliveries: Answer(
      {
        clients: Type.Integer({ description: 'who may see it now' }),
        notified: Type.Integer(),
        delivered: Type.Integer(),
        confirmed: Type.Integer(),
        acknowledged: Type.Integer(),
      },
      'DeliveryCounts',
    ),
  },
  'File',
)
export type File = Static<typeof File>
export const Files = Page(File)

/** What the viewer has had of a file. */
const own = {
  bytes_sent: Type.Integer({ description: 'bytes of the file that were sent at least once' }),
  first_download_at: Nullable(Time),
  last_download_at: Nullable(Time),
  downloads: Type.Integer(),
  delivered_at: Nullable(Time),
  confirmed_at: Nullable(Time),
  acknowledged_at: Nullable(Time),
  asked_at: Nullable(Type.String({ format: 'date-time', description: 'when they asked for an expired file again' })),
}

/** What a client sees of a file: who else may see it is none of their business. */
export const SharedFile = Answer({ ...common, delivery: Answer(own, 'OwnDelivery') }, 'SharedFile')
export type SharedFile = Static<typeof SharedFile>
export const SharedFiles = Page(SharedFile)

/** What an upload would find. */
export const InspectReport = Answer(
  {
    name: Type.String(),
    verdict: Type.Union([Type.Literal('accept'), Type.Literal('refuse')]),
    type: Nullable(FileType),
    size: Type.Integer({ description: 'bytes' }),
    sha256: Type.String({ description: 'hex' }),
    scan: Type.Union(
      [Type.Literal('clean'), Type.Literal('hit'), Type.Literal('unavailable'), Type.Literal('not_scanned')],
      { description: 'what the malware scanner says; refused files are not scanned' },
    ),
    findings: Type.Array(Finding),
  },
  'InspectReport',
)

const search = { q: Type.Optional(Line(1, 200, 'Beginnings of words of the name')) }
const uploadedBy = { uploaded_by: Type.Optional(Type.Union([Id, Email], { description: 'id or e-mail address' })) }

export const ListFiles = Body({
  ...Paging,
  ...search,
  ...uploadedBy,
  status: Type.Optional(FileStatus),
  fetched: Type.Optional(
    Type.Literal('not_yet', { description: 'only what somebody who may see it has not fetched whole' }),
  ),
})
export const ListShared = Body({
  ...Paging,
  ...search,
  ...uploadedBy,
  name: Type.Optional(Line(1, 255, 'The exact name')),
})

/** Of a client's list, looked at from inside. */
export const ListAsClient = Body({ ...Paging, ...search })

/** `expires_at` null: no end. A time in the future revives an expired file that is not erased yet. */
export const ChangeFile = Type.Object(
  {
    expires_at: Type.Optional(Nullable(Time)),
    tell_me: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false, minProperties: 1 },
)

export const Delivery = Answer(
  {
    client: Answer({ id: Id, name: Type.String(), email: Type.String() }),
    state: Type.Union(
      [
        Type.Literal('invited'),
        Type.Literal('offered'),
        Type.Literal('notified'),
        Type.Literal('opened'),
        Type.Literal('partial'),
        Type.Literal('delivered'),
        Type.Literal('confirmed'),
        Type.Literal('acknowledged'),
        Type.Literal('expired'),
        Type.Literal('withdrawn'),
      ],
      {
        description:
          'invited: no account yet; offered: may see it; notified: the mail relay accepted the message about it; opened: asked for a link; partial: some bytes sent; delivered: all bytes sent; confirmed: their program compared the SHA-256; acknowledged: they pressed “I have received this”; expired: its time ended before it was fetched; withdrawn: may no longer see it',
      },
    ),
    granted: Type.Boolean({ description: 'may see it now' }),
    notified_at: Nullable(Time),
    reminded_at: Nullable(Time),
    ...own,
  },
  'Delivery',
)
export const Deliveries = Page(Delivery)

/** `all`: everybody who may see it and has not fetched it whole; or some of them by id. */
export const Remind = Body({
  clients: Type.Union([Type.Literal('all'), Type.Array(Id, { minItems: 1, maxItems: 1000 })]),
})
export const Reminded = Answer(
  {
    reminded: Type.Integer({ description: 'clients who get a mail' }),
    recently: Type.Integer({ description: 'of those left out, clients who had one within the last day' }),
    left_out: Type.Integer({
      description: 'clients who had one within the last day, have fetched it or cannot be told',
    }),
  },
  'Reminded',
)

/** The SHA-256 of what a client holds. */
export const Confirm = Body({ sha256: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'hex, lower case' }) })

/** What happened to a file as its recipient may know it: their own doings, and that it was shared with them. */
export const HistoryEntry = Answer(
  {
    at: Time,
    kind: Type.Union([
      Type.Literal('shared'),
      Type.Literal('link_issued'),
      Type.Literal('download_started'),
      Type.Literal('download_ended'),
      Type.Literal('delivered'),
      Type.Literal('confirmed'),
      Type.Literal('acknowledged'),
      Type.Literal('asked_again'),
    ]),
    bytes_sent: Nullable(Type.Integer()),
  },
  'HistoryEntry',
)
export const History = Page(HistoryEntry)
