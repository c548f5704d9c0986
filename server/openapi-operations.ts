/** What the document says of an operation beyond its schemas. */
export type Operation = {
  /** `operationId`: what generated clients call it. */
  id: string
  tag: Tag
  /** Only where the route itself has none. */
  summary?: string
  description?: string
  /** A body that works, with values of one's own put in. */
  example?: unknown
  /** The route also takes no body at all. */
  mayBeEmpty?: true
}

/** In the order in which people meet them. */
export const tags = {
  'Set-up': 'The first administrator, once',
  'Getting in': 'Sign-up, verification, sign-in, reset, invitations: no session needed',
  'Own account': 'Who am I, where am I signed in, sign out; the same at both doors',
  'Files to hand over': 'The inside door: upload, choose who sees it, follow the delivery, destroy',
  'People and groups': 'The inside door: clients, team, groups, invitations',
  Audit: 'The inside door: what happened',
  'Files for me': 'The outside door: what was shared with this client, and links to it',
  Download: 'The one address that gives out a file',
  Health: 'For load balancers and monitors',
} as const
type Tag = keyof typeof tags

const email = 'clara@customer.example'
const password = 'correct horse battery staple'
const token = 'X1bWmVgkWqvT3h8m0nJ7yGg3k2Jt5c2dE9wQmZ4sR8o'
const id = 'q83vEjRWeJCrze8SNFZ4kA'

type Door = 'ops' | 'client'
const atBothDoors = (make: (door: Door, prefix: string) => Record<string, Operation>): Record<string, Operation> => ({
  ...make('ops', 'ops'),
  ...make('client', 'client'),
})

/** One row per route of the API, by method and path. A test compares with the routes there are, both ways. */
export const operations: Record<string, Operation> = {
  'POST /api/v1/setup': {
    id: 'setUp',
    tag: 'Set-up',
    summary: 'Create the first administrator',
    description:
      'Only until there is one, with the token that the server prints when it starts; afterwards 404 for ever.',
    example: { setup_token: token, email: 'ada@firm.example', name: 'Ada Admin', password },
  },
  'POST /api/v1/client/signup': {
    id: 'signUp',
    tag: 'Getting in',
    summary: 'Sign up as a client',
    description: 'The same answer whether or not the address is known: only the mail differs.',
    example: { email, name: 'Clara Client', password },
  },
  'POST /api/v1/client/verify': {
    id: 'verify',
    tag: 'Getting in',
    summary: 'Verify the address of a sign-up',
    description:
      'Takes the token of the mail and the password chosen at that sign-up; either alone activates nothing. With `transport` it signs in as well.',
    example: { token, password },
  },
  'POST /api/v1/client/verify/resend': {
    id: 'resendVerification',
    tag: 'Getting in',
    summary: 'Ask for another verification mail',
    example: { email },
  },
  ...atBothDoors(door => ({
    [`POST /api/v1/${door}/login`]: {
      id: `${door}SignIn`,
      tag: 'Getting in',
      summary: door === 'ops' ? 'Sign in at the inside door' : 'Sign in at the outside door',
      description:
        'With `transport: "bearer"` (the default) the answer holds the token; with `"cookie"`, which only browsers may ask for, it is in an HttpOnly cookie and nowhere else.',
      example: { email: door === 'ops' ? 'ada@firm.example' : email, password },
    },
    [`POST /api/v1/${door}/login/mail`]: {
      id: `${door}SignInByMail`,
      tag: 'Getting in',
      summary: 'Sign in by a mailed link',
      description: 'The link is mailed to an owner whose address is being guessed at. It needs the password, too.',
      example: { token, password },
    },
    [`POST /api/v1/${door}/password/forgot`]: {
      id: `${door}ForgotPassword`,
      tag: 'Getting in',
      summary: 'Ask for a mail to choose a new password',
      example: { email },
    },
    [`GET /api/v1/${door}/me`]: { id: `${door}Me`, tag: 'Own account', summary: 'Who I am' },
    [`GET /api/v1/${door}/sessions`]: {
      id: `${door}Sessions`,
      tag: 'Own account',
      summary: 'Where I am signed in',
    },
    [`DELETE /api/v1/${door}/sessions/{id}`]: {
      id: `${door}EndSession`,
      tag: 'Own account',
      summary: 'End one of my sessions',
    },
    [`POST /api/v1/${door}/logout`]: {
      id: `${door}SignOut`,
      tag: 'Own account',
      summary: 'Sign out',
      description: 'The session is dead when this answers, however it travelled.',
    },
  })),
  'POST /api/v1/password/reset': {
    id: 'resetPassword',
    tag: 'Getting in',
    summary: 'Choose a new password',
    description: 'Takes the token of the mail. Ends every session of the account.',
    example: { token, password },
  },
  'POST /api/v1/invitations/read': {
    id: 'readInvitation',
    tag: 'Getting in',
    description:
      'What a mailed invitation offers. The token stays good; one that is not is refused here, before anything is typed.',
    example: { token },
  },
  'POST /api/v1/invitations/accept': {
    id: 'acceptInvitation',
    tag: 'Getting in',
    summary: 'Accept an invitation and sign in',
    example: { token, name: 'Clara Client', password },
  },

  'POST /api/v1/ops/files': {
    id: 'uploadFile',
    tag: 'Files to hand over',
    description:
      'One part `file`, optionally one part `audience` (JSON), in any order. The file is sealed as it arrives, inspected, and only then there: 201 means durable, 422 that nothing of it was kept.',
  },
  'POST /api/v1/ops/inspect': {
    id: 'inspectFile',
    tag: 'Files to hand over',
    description:
      'The same body as an upload. The same verdict, too, before anybody has been sent anything: nothing is stored.',
  },
  'GET /api/v1/ops/uploads': { id: 'listUploads', tag: 'Files to hand over', description: 'One’s own, newest first.' },
  'OPTIONS /api/v1/ops/uploads': {
    id: 'tusOptions',
    tag: 'Files to hand over',
    description: 'tus 1.0.0 (tus.io): creation, termination, expiration; `Tus-Max-Size` in bytes.',
  },
  'POST /api/v1/ops/uploads': {
    id: 'beginUpload',
    tag: 'Files to hand over',
    description:
      'tus 1.0.0: `Tus-Resumable: 1.0.0`, `Upload-Length` in bytes, `Upload-Metadata: filename …,audience …,sha256 …` (base64 each; the audience as JSON, the SHA-256 in hex; only the name is needed). `Location` is the upload; its id becomes the file’s. Unfinished uploads expire 24 hours after their last bytes.',
  },
  'HEAD /api/v1/ops/uploads/{id}': {
    id: 'uploadStanding',
    tag: 'Files to hand over',
    description:
      '`Upload-Offset` says from where to go on. Ends a request that still writes, with its full segments kept. 410: refused, ended or expired.',
  },
  'PATCH /api/v1/ops/uploads/{id}': {
    id: 'sendUpload',
    tag: 'Files to hand over',
    description:
      'Bytes from `Upload-Offset` on, as `application/offset+octet-stream`. 204 means durable. With the last byte the file is judged: 204 that it is there (`GET /api/v1/ops/files/{id}`), 422 that nothing of it was kept. 409: it stands elsewhere, or a newer request goes on with it.',
  },
  'DELETE /api/v1/ops/uploads/{id}': {
    id: 'endUpload',
    tag: 'Files to hand over',
    description: 'Destroys the key, then the sealed bytes.',
  },
  'POST /api/v1/ops/files/{id}/release': {
    id: 'releaseFile',
    tag: 'Files to hand over',
    description:
      'For administrators: a file that has waited for the malware scanner for a day, or that it found later, becomes available. Recorded.',
  },
  'GET /api/v1/ops/files': {
    id: 'listFiles',
    tag: 'Files to hand over',
    description: 'Newest first. Ops who are not administrators see their own.',
  },
  'GET /api/v1/ops/files/{id}': { id: 'getFile', tag: 'Files to hand over' },
  'DELETE /api/v1/ops/files/{id}': {
    id: 'deleteFile',
    tag: 'Files to hand over',
    description: 'Destroys the key, then the sealed bytes; running downloads end.',
  },
  'PUT /api/v1/ops/files/{id}/audience': {
    id: 'shareFile',
    tag: 'Files to hand over',
    description: 'What is left out is empty. Acts on the very next request, and ends downloads of those who are out.',
    example: { clients: [email] },
  },
  'GET /api/v1/ops/files/{id}/deliveries': { id: 'listDeliveries', tag: 'Files to hand over' },
  'POST /api/v1/ops/handoffs': {
    id: 'handOver',
    tag: 'Files to hand over',
    description:
      'One act for several files: their audience (which it replaces), words and an end. Each recipient gets one mail, and no other when the files are changed later. All of it or nothing.',
    example: {
      files: [id],
      audience: { clients: [email] },
      note: 'Please sign page 3.',
      expires_at: '2030-01-31T12:00:00Z',
    },
  },
  'PATCH /api/v1/ops/files/{id}': {
    id: 'changeFile',
    tag: 'Files to hand over',
    description: 'An expired file that is not erased yet comes back with an end in the future, or none.',
    example: { expires_at: '2030-01-31T12:00:00Z' },
  },
  'POST /api/v1/ops/files/{id}/reminders': {
    id: 'remindClients',
    tag: 'Files to hand over',
    description: 'A mail to those who may see the file and have not fetched it whole, to each at most once a day.',
    example: { clients: 'all' },
  },

  'GET /api/v1/ops/overview': {
    id: 'getOverview',
    tag: 'Files to hand over',
    description:
      'Of the own files; for administrators of all. Counts with `more` are of the newest files of each age, up to a bound.',
  },

  'GET /api/v1/ops/groups': { id: 'listGroups', tag: 'People and groups' },
  'GET /api/v1/ops/groups/{id}': { id: 'getGroup', tag: 'People and groups' },
  'POST /api/v1/ops/groups': { id: 'createGroup', tag: 'People and groups', example: { name: 'Customer Ltd' } },
  'PATCH /api/v1/ops/groups/{id}': { id: 'renameGroup', tag: 'People and groups', example: { name: 'Customer plc' } },
  'DELETE /api/v1/ops/groups/{id}': { id: 'deleteGroup', tag: 'People and groups' },
  'PUT /api/v1/ops/groups/{id}/members': {
    id: 'setGroupMembers',
    tag: 'People and groups',
    description: 'Replaces the members. Who is in sees at once what was shared with the group, who is out no longer.',
    example: { clients: [email] },
  },
  'GET /api/v1/ops/clients': { id: 'listClients', tag: 'People and groups' },
  'GET /api/v1/ops/clients/{id}': { id: 'getClient', tag: 'People and groups' },
  'GET /api/v1/ops/clients/{id}/files': {
    id: 'viewAsClient',
    tag: 'People and groups',
    description:
      'The list exactly as the client sees it, limited to the own files; for administrators of all. Nothing happens as the client; that somebody looked is recorded.',
  },
  'PATCH /api/v1/ops/clients/{id}': { id: 'disableClient', tag: 'People and groups', example: { disabled: true } },
  'GET /api/v1/ops/team': { id: 'listTeam', tag: 'People and groups' },
  'PATCH /api/v1/ops/team/{id}': { id: 'disableTeamMember', tag: 'People and groups', example: { disabled: true } },
  'POST /api/v1/ops/invitations': {
    id: 'invite',
    tag: 'People and groups',
    description: 'The token is in the mail and nowhere else. Inviting ops is for administrators.',
    example: { email, role: 'client', groups: [id] },
  },
  'GET /api/v1/ops/invitations': { id: 'listInvitations', tag: 'People and groups' },
  'DELETE /api/v1/ops/invitations/{id}': { id: 'revokeInvitation', tag: 'People and groups' },
  'GET /api/v1/ops/settings': {
    id: 'getSettings',
    tag: 'Health',
    description: 'For administrators, to read: settings are changed where the server is run. Secrets stand as `(set)`.',
  },
  'GET /api/v1/ops/events': {
    id: 'opsEvents',
    tag: 'Audit',
    description:
      'Server-sent events that say what to look at again and nothing of what is there: `file` (an own file: its id and what happened), `other` (what happened besides). `reset`: look at everything again; `end`: the stream is over. Rights are read again twice a second. At most four streams of a session.',
  },
  'GET /api/v1/ops/audit': { id: 'listAuditEvents', tag: 'Audit', summary: 'List audit events, newest first' },

  'GET /api/v1/client/files': { id: 'listSharedFiles', tag: 'Files for me' },
  'GET /api/v1/client/files/{id}': { id: 'getSharedFile', tag: 'Files for me' },
  'POST /api/v1/client/files/{id}/link': {
    id: 'issueLink',
    tag: 'Files for me',
    description: 'The address works for this client, signed in, and for nobody else, however it travels.',
    example: { expires_in: 600, single_use: false },
    mayBeEmpty: true,
  },
  'GET /api/v1/client/events': {
    id: 'clientEvents',
    tag: 'Files for me',
    description:
      'Server-sent events that say what to look at again and nothing of what is there: `files` (the list of files has changed). `reset`: look at everything again; `end`: the stream is over. Rights are read again twice a second. At most four streams of a session.',
  },
  'POST /api/v1/client/files/{id}/acknowledge': {
    id: 'acknowledgeFile',
    tag: 'Files for me',
    description: 'After every byte was sent. Recorded once, however often it is said.',
  },
  'POST /api/v1/client/files/{id}/confirm': {
    id: 'confirmFile',
    tag: 'Files for me',
    description:
      'For programs that have compared what they hold. Another SHA-256 is a conflict, and nothing is recorded.',
    example: { sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
  },
  'POST /api/v1/client/files/{id}/ask': {
    id: 'askForFile',
    tag: 'Files for me',
    description: 'The sender gets a mail, at most once a day.',
  },
  'GET /api/v1/client/files/{id}/history': { id: 'fileHistory', tag: 'Files for me' },
  'GET /api/v1/client/links': { id: 'listLinks', tag: 'Files for me' },
  'DELETE /api/v1/client/links/{id}': { id: 'revokeLink', tag: 'Files for me' },

  'GET /download/{token}': {
    id: 'download',
    tag: 'Download',
    description:
      'One range is honoured, so that an interrupted download can go on. Every reason why a link does not work for this session is the same 404; a browser without a session is sent to sign in.',
  },
  'HEAD /download/{token}': { id: 'downloadHead', tag: 'Download', summary: 'The same headers without the file' },
  'GET /healthz': { id: 'healthz', tag: 'Health' },
  'GET /readyz': { id: 'readyz', tag: 'Health' },
}
