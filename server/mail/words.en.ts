const documents = (count: number): string => (count === 1 ? 'a document' : `${count} documents`)

/** Every text of the mails in English. `host`: where this service is; `moment`: a date with its time. */
export const en = {
  locale: 'en-GB',
  footer: (host: string) => `Sent by the document delivery service at ${host}. Replies to this address are not read.`,
  once: (moment: string) => `The link works once, until ${moment}.`,
  notYou: 'If it was not you, you need to do nothing.',
  verification: {
    subject: (host: string) => `Verify your address for ${host}`,
    why: (host: string) => `Someone, presumably you, signed up at ${host} with this e-mail address.`,
    how: 'To finish, open this page and enter the password that was chosen at that sign-up.',
    action: 'Verify this address',
    otherwise:
      'If it was not you, do nothing: without this step there is no account. Never verify a sign-up that is not yours.',
  },
  alreadyRegistered: {
    subject: (host: string) => `You already have an account at ${host}`,
    why: (host: string) =>
      `Someone, presumably you, signed up at ${host} with this e-mail address. It has an account there already, and nothing was changed.`,
    action: 'Sign in',
    forgot: 'If you do not remember the password, ask for a new one on that page.',
  },
  reset: {
    subject: (host: string) => `Choose a new password for ${host}`,
    why: (host: string) => `Someone, presumably you, asked for a new password for your account at ${host}.`,
    action: 'Choose a new password',
    ends: 'Using it ends every session of the account.',
    otherwise: 'If it was not you, do nothing: your password stays as it is.',
  },
  invitation: {
    subject: (host: string) => `You are invited to ${host}`,
    client: (host: string) => `You are invited to receive documents at ${host}.`,
    ops: (host: string) => `You are invited to hand over documents at ${host}, as a member of its team.`,
    how: 'Open this page to choose a password.',
    action: 'Accept the invitation',
    otherwise:
      'If you do not expect an invitation, ask the person you think it comes from by other means, or do nothing.',
  },
  signIn: {
    subject: (host: string) => `Sign in to ${host}`,
    why: (host: string) =>
      `Someone, presumably you, asked for a link to sign in at ${host}. The page asks for your password as well.`,
    action: 'Sign in',
    otherwise:
      'If it was not you, do nothing: nobody can sign in without this link and your password. If it happens often, choose a new password.',
  },
  malware: {
    subject: (host: string) => `A file was stopped by the malware scanner at ${host}`,
    why: (host: string, moment: string) =>
      `The malware scanner at ${host} knows the content of a file that you uploaded on ${moment} as harmful.`,
    refused: 'Nobody has been able to fetch it. It was refused, and nothing of it was kept.',
    withdrawn: 'It could be fetched until now, and cannot be any more. An administrator decides what becomes of it.',
    advice: 'Do not open that document. Have the computer it comes from looked at before you send another version.',
    action: 'See your files',
  },
  until: (name: string, moment: string) => `${name} (until ${moment})`,
  from: (document: string, name: string, email: string) => `${document}, from ${name} (${email})`,
  openOne: 'Open the document',
  openAll: 'Open your documents',
  safe: 'The link holds no secret: you sign in to see anything. Nobody will ever ask you for your password in a mail.',
  handedOver: {
    subject: (host: string) => `Documents for you at ${host}`,
    what: (name: string, email: string, count: number, moment: string) =>
      `${name} (${email}) handed ${documents(count)} over to you on ${moment}:`,
    writes: (name: string) => `${name} writes:`,
  },
  reminder: {
    subject: (host: string) => `Documents wait for you at ${host}`,
    what: (count: number) =>
      `${count === 1 ? 'A document waits' : `${count} documents wait`} for you that you have not downloaded yet:`,
  },
  openFile: 'Open the file',
  openFiles: 'Open your files',
  fetched: {
    subject: (host: string) => `Your documents were fetched at ${host}`,
    what: 'You asked to be told when a client has downloaded what you handed over:',
  },
  askedAgain: {
    subject: (host: string) => `You are asked for documents at ${host}`,
    what: 'Somebody would like to have a document whose time is over:',
    how: 'To let them have it, give the file a new end on its page.',
  },
}

export type Words = typeof en
