import { Type } from 'typebox'
import { Answer, Body, Email, Id, Line, Page, Paging, Password, type Static, Time, Token } from './wire.ts'

export const Role = Type.Union([Type.Literal('ops'), Type.Literal('client')])
export type Role = Static<typeof Role>

export const PersonName = Line(1, 100, 'Name of a person')
const Transport = Type.Union([Type.Literal('bearer'), Type.Literal('cookie')], { description: 'bearer unless told' })

export const User = Answer(
  {
    id: Id,
    role: Role,
    admin: Type.Boolean(),
    email: Type.String(),
    name: Type.String(),
    email_verified: Type.Boolean(),
    disabled: Type.Boolean(),
    created_at: Time,
  },
  'User',
)
export type User = Static<typeof User>
export const Users = Page(User)
/** One client, with the groups they are in. */
export const Client = Answer(
  { ...User.properties, groups: Type.Array(Answer({ id: Id, name: Type.String() })) },
  'Client',
)
export type Client = Static<typeof Client>

export const Setup = Body({ setup_token: Token, email: Email, name: PersonName, password: Password })
export const Signup = Body({ email: Email, name: PersonName, password: Password })
export const SignupStarted = Answer({ status: Type.Literal('verification_sent') })
/** `transport` signs in by the same press: without it the answer is the status alone. */
export const Verify = Body({ token: Token, password: Password, transport: Type.Optional(Transport) })
export const AddressOnly = Body({ email: Email })
export const Accepted = Answer({ status: Type.Literal('accepted') })

export const Login = Body({ email: Email, password: Password, transport: Type.Optional(Transport) })
/** A mailed sign-in link: for an owner whose address is being guessed at from elsewhere. */
export const LoginByMail = Body({ token: Token, password: Password, transport: Type.Optional(Transport) })
/** `access_token` and `token_type` only for bearer; a cookie travels in its header alone. */
export const SignedIn = Answer(
  {
    access_token: Type.Optional(Type.String()),
    token_type: Type.Optional(Type.Literal('Bearer')),
    expires_at: Time,
    user: User,
  },
  'SignedIn',
)
export type SignedIn = Static<typeof SignedIn>

export const Verified = Answer({
  status: Type.Literal('verified'),
  access_token: Type.Optional(Type.String()),
  token_type: Type.Optional(Type.Literal('Bearer')),
  expires_at: Type.Optional(Time),
  user: Type.Optional(User),
})

export const Reset = Body({ token: Token, password: Password })

export const Session = Answer(
  {
    id: Id,
    current: Type.Boolean(),
    created_at: Time,
    last_seen_at: Time,
    expires_at: Time,
    user_agent: Type.String(),
    ip: Type.String(),
  },
  'Session',
)
export const Sessions = Page(Session)

export const Invite = Body({ email: Email, role: Role, groups: Type.Optional(Type.Array(Id, { maxItems: 100 })) })
export const Invitation = Answer(
  {
    id: Id,
    email: Type.String(),
    role: Role,
    groups: Type.Array(Answer({ id: Id, name: Type.String() })),
    status: Type.Union([
      Type.Literal('pending'),
      Type.Literal('accepted'),
      Type.Literal('revoked'),
      Type.Literal('expired'),
    ]),
    invited_by: Answer({ id: Id, name: Type.String(), email: Type.String() }),
    created_at: Time,
    expires_at: Time,
  },
  'Invitation',
)
export const Invitations = Page(Invitation)
export const ReadInvitation = Body({ token: Token })
export const InvitationOffer = Answer(
  {
    email: Type.String({ description: 'The address that was invited' }),
    role: Role,
    invited_by: Answer({ name: Type.String() }),
    expires_at: Time,
  },
  'InvitationOffer',
)
export const AcceptInvitation = Body({
  token: Token,
  name: PersonName,
  password: Password,
  transport: Type.Optional(Transport),
})

const GroupName = Line(1, 100, 'Name of a group')
export const NewGroup = Body({ name: GroupName })
export const GroupMembers = Body({
  clients: Type.Array(Type.String({ minLength: 1, maxLength: 254, description: 'id or e-mail address' }), {
    maxItems: 10_000,
  }),
})
export const Group = Answer({ id: Id, name: Type.String(), members: Type.Array(User), created_at: Time }, 'Group')
export const Groups = Page(Group)

export const Disabling = Body({ disabled: Type.Boolean() })
export const ListClients = Body({
  ...Paging,
  q: Type.Optional(Line(1, 200, 'Beginnings of words of the name or address')),
})
