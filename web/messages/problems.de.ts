import { errorsInGerman } from '../../contract/errors.de.ts'
import { details } from './details.de.ts'
import type { problems as english } from './problems.en.ts'
import { createTranslation } from './sentences.ts'
import type { Translated } from './translated.ts'

const fields: Record<string, string> = {
  name: 'Name',
  email: 'E-Mail-Adresse',
  password: 'Passwort',
  file: 'Datei',
  audience: 'Empfänger',
  groups: 'Gruppen',
  clients: 'Kunden',
}

const say = createTranslation(details)
const field = (message: string): string => say(message) ?? 'Das ist so nicht gültig.'

export const problems: Translated<typeof english> = {
  byCode: errorsInGerman,
  unexpected: {
    title: 'Auf dieser Seite ist etwas schiefgegangen',
    detail: 'Laden Sie sie neu. Geschieht es wieder, sagen Sie den Betreibern dieses Dienstes Bescheid.',
  },
  offline: {
    title: 'Der Dienst ist nicht erreichbar',
    detail: 'Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal. Es wurde nichts geändert.',
  },
  say,
  field,
  ofField: (where, message) => `${fields[where] ?? where}: ${field(message)}`,
}
