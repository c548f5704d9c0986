import type { Finding } from '../../contract/errors.ts'
import { doors } from './doors.en.ts'
import { problems } from './problems.en.ts'

/** The texts of both doors in English, but for those of the desk (desk.en.ts). `doors`: before and around signing in, and the client's pages. */
export const en = {
  product: 'Valise',
  skip: 'Skip to the content',
  language: 'Language',
  problems,
  ...doors,

  actions: { cancel: 'Cancel', retry: 'Try again', signOut: 'Sign out' },
  fields: {
    email: 'E-mail address',
    name: 'Your name',
    password: 'Password',
    newPassword: 'New password',
    passwordRule: 'At least 8 characters. A few unrelated words are easy to remember and hard to guess.',
    showPassword: 'Show the password',
  },
  lists: {
    loading: 'Loading …',
    more: 'Show more',
    actions: 'Actions',
    noMatch: { title: 'Nothing matches', detail: 'Words are found by their beginnings. Try fewer or shorter ones.' },
  },
  nav: {
    label: 'Pages',
    menu: 'Menu',
    documents: 'Documents',
    links: 'Links',
    sessions: 'Sessions',
    send: 'Hand over',
    overview: 'Overview',
    files: 'Files',
    clients: 'Clients',
    groups: 'Groups',
    invitations: 'Invitations',
    team: 'Team',
    audit: 'Audit',
    settings: 'Settings',
  },
  files: {
    types: { docx: 'Word document', xlsx: 'Excel workbook', pptx: 'PowerPoint presentation' },
    status: { available: 'Available', pending: 'Being checked', expired: 'Expired' },
    finding: ({ message }: Finding): string => message,
    where: (places: string[]) => `In ${places.join(', ')}`,
    facts: { kind: 'Kind', from: 'From', at: 'Uploaded', until: 'Available until', sha256: 'SHA-256' },
  },
  notFound: {
    title: 'There is no such page',
    detail: 'The address is wrong or out of date. Use the menu to go on.',
  },
}
