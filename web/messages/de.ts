import { doors } from './doors.de.ts'
import type { en } from './en.ts'
import { finding } from './findings.de.ts'
import { problems } from './problems.de.ts'
import type { Translated } from './translated.ts'

/**
 * Every text of the pages in German, for people addressed as „Sie“. Our words:
 *
 * hand over: übergeben, hand-over: Übergabe · document: Dokument · file (the desk's view of it): Datei · download: herunterladen,
 * the noun: Download · deliver: zustellen · fetch: abholen · finding: Hinweis · client: Kunde · desk: „Für das Team“ ·
 * sign in: anmelden · sign up: registrieren · verify: bestätigen · disable: sperren · withdraw: zurückziehen · link: Link ·
 * session: Sitzung · malware scanner: Virenscanner · release: freigeben
 */
export const de: Translated<typeof en> = {
  product: 'Valise',
  skip: 'Zum Inhalt springen',
  language: 'Sprache',
  problems,
  ...doors,

  actions: { cancel: 'Abbrechen', retry: 'Noch einmal versuchen', signOut: 'Abmelden' },
  fields: {
    email: 'E-Mail-Adresse',
    name: 'Ihr Name',
    password: 'Passwort',
    newPassword: 'Neues Passwort',
    passwordRule:
      'Mindestens 8 Zeichen. Ein paar Wörter ohne Zusammenhang sind leicht zu merken und schwer zu erraten.',
    showPassword: 'Passwort zeigen',
  },
  lists: {
    loading: 'Wird geladen …',
    more: 'Mehr zeigen',
    actions: 'Aktionen',
    noMatch: {
      title: 'Nichts gefunden',
      detail: 'Wörter werden an ihrem Anfang gefunden. Versuchen Sie weniger oder kürzere.',
    },
  },
  nav: {
    label: 'Seiten',
    menu: 'Menü',
    documents: 'Dokumente',
    links: 'Links',
    sessions: 'Sitzungen',
    send: 'Übergeben',
    overview: 'Übersicht',
    files: 'Dateien',
    clients: 'Kunden',
    groups: 'Gruppen',
    invitations: 'Einladungen',
    team: 'Team',
    audit: 'Protokoll',
    settings: 'Einstellungen',
  },
  files: {
    types: { docx: 'Word-Dokument', xlsx: 'Excel-Arbeitsmappe', pptx: 'PowerPoint-Präsentation' },
    status: { available: 'Verfügbar', pending: 'Wird geprüft', expired: 'Abgelaufen' },
    finding,
    where: places => `In ${places.join(', ')}`,
    facts: { kind: 'Art', from: 'Von', at: 'Hochgeladen', until: 'Verfügbar bis', sha256: 'SHA-256' },
  },
  notFound: {
    title: 'Diese Seite gibt es nicht',
    detail: 'Die Adresse ist falsch oder veraltet. Das Menü führt weiter.',
  },
}
