import { Type } from 'typebox'
import { Audience } from './files.ts'
import { Answer, Body, Id, Lines, Nullable, type Static, Time } from './wire.ts'

/** One act: these files, to these people, with these words, until then. One mail per recipient, whatever the number of files. */
export const NewHandoff = Body({
  files: Type.Array(Id, { minItems: 1, maxItems: 100, uniqueItems: true }),
  audience: Audience,
  note: Type.Optional(Lines(2000, 'To the recipients, in plain text')),
  expires_at: Type.Optional(Nullable(Time)),
  notify: Type.Optional(Type.Boolean({ description: 'whether recipients get a mail; yes unless told' })),
  tell_me: Type.Optional(
    Type.Boolean({
      description: 'whether the sender gets a mail when a client has fetched a file for the first time; no unless told',
    }),
  ),
})

export const Handoff = Answer(
  {
    id: Id,
    at: Time,
    files: Type.Array(Answer({ id: Id, name: Type.String() })),
    note: Nullable(Type.String()),
    expires_at: Nullable(Time),
    notified: Type.Integer({ description: 'recipients who get a mail' }),
  },
  'Handoff',
)
export type Handoff = Static<typeof Handoff>
