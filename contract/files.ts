import { Type } from 'typebox'
import { Finding } from './errors.ts'
import { Answer, Body, Email, Id, Line, Nullable, Page, Paging, type Static, Time } from './wire.ts'

export const FileType = Type.Union([Type.Literal('docx'), Type.Literal('xlsx'), Type.Literal('pptx')])
export type FileType = Static<typeof FileType>
export const FileStatus = Type.Union([Type.Literal('available'), Type.Literal('pending'), Type.Literal('expired')])

const idOrEmail = Type.String({ minLength: 1, maxLength: 254, description: 'id or e-mail address' })

/** Replaces the whole audience; what is left out is empty. */
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
  },
  'File',
)
export type File = Static<typeof File>
export const Files = Page(File)

/** What a client sees of a file: who else may see it is none of their business. */
export const SharedFile = Answer(common, 'SharedFile')
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

export const ListFiles = Body({ ...Paging, ...search, ...uploadedBy, status: Type.Optional(FileStatus) })
export const ListShared = Body({
  ...Paging,
  ...search,
  ...uploadedBy,
  name: Type.Optional(Line(1, 255, 'The exact name')),
})

export const Delivery = Answer(
  {
    client: Answer({ id: Id, name: Type.String(), email: Type.String() }),
    state: Type.Union([
      Type.Literal('offered'),
      Type.Literal('opened'),
      Type.Literal('partial'),
      Type.Literal('delivered'),
      Type.Literal('withdrawn'),
    ]),
    bytes_sent: Type.Integer({ description: 'bytes of the file that were sent at least once' }),
    first_download_at: Nullable(Time),
    last_download_at: Nullable(Time),
    downloads: Type.Integer(),
  },
  'Delivery',
)
export const Deliveries = Page(Delivery)
