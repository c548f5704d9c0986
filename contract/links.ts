import { Type } from 'typebox'
import { Answer, Body, Id, Nullable, Page, type Static, Time } from './wire.ts'

export const IssueLink = Body({
  expires_in: Type.Optional(Type.Integer({ minimum: 1, description: 'seconds, up to VALISE_LINK_TTL_MAX' })),
  single_use: Type.Optional(Type.Boolean()),
})

export const IssuedLink = Answer(
  { id: Id, download_link: Type.String(), expires_at: Time, message: Type.Literal('success') },
  'IssuedLink',
)
export type IssuedLink = Static<typeof IssuedLink>

export const Link = Answer(
  {
    id: Id,
    file: Answer({ id: Id, name: Type.String() }),
    expires_at: Time,
    single_use: Type.Boolean(),
    spent_at: Nullable(Time),
    revoked_at: Nullable(Time),
  },
  'Link',
)
export const Links = Page(Link)
