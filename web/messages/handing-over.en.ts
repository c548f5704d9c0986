/** What an event in a file's timeline says; what it does not say is empty. */
export type Told = {
  who: string
  whom: string
  byService: boolean
  until: string | undefined
  size: string
  count: number
  notify: boolean
  about: string
  reason: string
  result: string
  scan: string
}

/** What the pages of handing over share. */
export const handingOver = {
  recent: {
    title: 'As last time',
    forget: 'Forget these',
    detail: 'Kept in this browser only.',
  },
  ends: {
    choices: {
      none: 'No end',
      week: (at: string) => `In 1 week (${at})`,
      fortnight: (at: string) => `In 2 weeks (${at})`,
      month: (at: string) => `In 30 days (${at})`,
      date: 'On a date …',
    },
    date: 'Last day',
    wrong: {
      missing: 'Choose a day.',
      over: 'This day is over. Choose today or a later one.',
      far: 'This is more than ten years away. Check the year.',
    },
  },
  reminders: {
    remind: 'Remind',
    remindAbout: (name: string) => `Remind of ${name}`,
    remindNamed: (name: string) => `Remind ${name}`,
    all: 'Remind all who have not fetched it',
    reminded: (count: number) => `${count} reminded`,
    recently: (count: number) => `${count} had a reminder within the last day`,
    nobody: 'Nobody was reminded: whoever has not fetched it cannot be told by mail yet.',
  },
  deliveryState: {
    nobody: 'Visible to nobody',
    empty: 'Nobody in it yet',
    pending: 'Being checked',
    all: (count: number) => (count === 1 ? 'Fetched' : `All ${count} have it`),
    some: (delivered: number, count: number) => `${delivered} of ${count} have it`,
    none: (count: number) => (count === 1 ? 'Not fetched yet' : `None of ${count} has it`),
    expired: (delivered: number, count: number) =>
      count === 1 && delivered === 0 ? 'Expired unread' : `Expired; ${delivered} of ${count} had it`,
    told: (count: number) => `${count} told by mail`,
    confirmed: (count: number) => `${count} compared their copy`,
    acknowledged: (count: number) => `${count} said they received it`,
  },
  timeline: {
    empty: { title: 'Nothing is recorded about it' },
    service: 'The service',
    somebody: 'Somebody',
    everyone: 'everyone',
    group: (name: string) => `the group ${name}`,
    times: (count: number) => `${count} times within ten minutes`,
    kinds: {
      'file.uploaded': ({ who }: Told) => `${who} uploaded it. It was checked and encrypted.`,
      'file.refused': () => 'It was refused by the check.',
      'file.shared': ({ who, whom }: Told) => `${who} made it visible to ${whom}.`,
      'file.withdrawn': ({ who, whom }: Told) => `${who} took it away from ${whom}.`,
      'file.handed_over': ({ who, until, notify }: Told) =>
        `${who} handed it over${until ? `, available until ${until}` : ''}, ${notify ? 'with a mail to the recipients' : 'without a mail'}.`,
      'file.expiry_changed': ({ who, until }: Told) =>
        until ? `${who} gave it a new end: ${until}.` : `${who} took its end away.`,
      'file.expired': () => 'Its time was over. Nobody can fetch it.',
      'file.reminded': ({ who, count, byService }: Told) =>
        `${byService ? 'Before its end, the service' : who} reminded ${count === 1 ? '1 person' : `${count} people`}.`,
      'file.asked_for': ({ who }: Told) => `${who} asked for it again.`,
      'file.deleted': ({ who, reason }: Told) =>
        reason === 'expired'
          ? 'It was erased for good: its time had long been over.'
          : reason === 'malware'
            ? 'It was deleted: the malware scanner knows it as harmful.'
            : `${who} deleted it.`,
      'file.damaged': () => 'Its stored copy is damaged and cannot be delivered.',
      'file.scanned': ({ result }: Told) =>
        result === 'clean'
          ? 'The malware scanner found nothing.'
          : 'The malware scanner knows its content as harmful. Nobody can fetch it.',
      'file.released': ({ who, scan }: Told) =>
        scan === 'hit'
          ? `${who} let it go against the malware scanner.`
          : `${who} let it go without the malware scanner.`,
      'link.issued': ({ who, until }: Told) => `${who} took a link${until ? `, valid until ${until}` : ''}.`,
      'link.revoked': ({ who }: Told) => `${who} withdrew a link.`,
      'file.download_started': ({ who }: Told) => `${who} began a download.`,
      'file.download_refused': ({ who }: Told) => `A download by ${who} was refused.`,
      'file.download_ended': ({ who, size }: Told) => `A download by ${who} ended after ${size}.`,
      'file.delivered': ({ who }: Told) => `${who} has fetched all of it.`,
      'file.confirmed': ({ who }: Told) => `${who} compared their copy: byte for byte what was delivered.`,
      'file.acknowledged': ({ who }: Told) => `${who} said “I have received this”.`,
      'mail.accepted': ({ whom, about }: Told) =>
        about === 'handoff'
          ? `The mail relay took the mail about it to ${whom}.`
          : about === 'reminder'
            ? `The mail relay took a reminder to ${whom}.`
            : about === 'first_fetch'
              ? 'The uploader was told by mail that it was fetched.'
              : about === 'asked_again'
                ? 'The uploader was told by mail that it is asked for again.'
                : 'The mail relay took a mail about it.',
      'mail.given_up': () => 'A mail about it could not be delivered.',
    },
  },
}
