import type { ErrorCode } from './errors.ts'

/** What every code is called for German readers, on the pages of the app and on those the server writes itself. */
export const errorsInGerman: Record<ErrorCode, { title: string; detail?: string }> = {
  invalid_request: { title: 'Bitte prüfen Sie Ihre Angaben' },
  invalid_token: {
    title: 'Dieser Link gilt nicht mehr',
    detail: 'Er wurde schon benutzt, ist zu alt oder abgeschnitten. Fordern Sie einen neuen an.',
  },
  unauthenticated: { title: 'Sie sind nicht mehr angemeldet', detail: 'Melden Sie sich an, um weiterzumachen.' },
  invalid_credentials: {
    title: 'Adresse oder Passwort ist falsch',
    detail: 'Prüfen Sie beides und ob dies der richtige Eingang ist: Dokumente für Sie oder der Bereich des Teams.',
  },
  email_not_verified: {
    title: 'Ihre E-Mail-Adresse ist noch nicht bestätigt',
    detail: 'Öffnen Sie den Link in der E-Mail oder fordern Sie eine neue an.',
  },
  forbidden: { title: 'Ihr Konto darf das nicht', detail: 'Fragen Sie die Administration dieses Dienstes.' },
  cross_site: {
    title: 'Die Anfrage kam von einer anderen Seite',
    detail: 'Öffnen Sie die Seite dieses Dienstes selbst und versuchen Sie es dort noch einmal.',
  },
  signup_closed: {
    title: 'Mit dieser Adresse kann man sich hier nicht registrieren',
    detail: 'Bitten Sie um eine Einladung.',
  },
  setup_token_invalid: {
    title: 'Das ist nicht der richtige Einrichtungslink',
    detail: 'Nehmen Sie den, den der Server beim letzten Start in seinem Terminal ausgegeben hat.',
  },
  not_found: {
    title: 'Das gibt es hier nicht',
    detail: 'Es wurde gelöscht, ist nicht mehr für Sie bestimmt, oder die Adresse ist falsch.',
  },
  method_not_allowed: { title: 'Das ist hier nicht vorgesehen', detail: 'Laden Sie die Seite neu.' },
  conflict: { title: 'Das geht jetzt nicht' },
  gone: { title: 'Das gibt es nicht mehr' },
  unsupported_version: { title: 'Diese Version des Protokolls wird hier nicht gesprochen' },
  too_large: { title: 'Die Datei ist zu groß für diesen Dienst' },
  unsupported_media_type: { title: 'Diese Art von Inhalt wird hier nicht angenommen' },
  range_not_satisfiable: { title: 'Dieser Teil liegt außerhalb der Datei' },
  wrong_host: {
    title: 'Unter diesem Namen antwortet der Server nicht',
    detail: 'Öffnen Sie den Dienst unter seiner richtigen Adresse.',
  },
  file_refused: { title: 'Die Datei wurde abgelehnt' },
  unknown_recipient: { title: 'Jemand auf Ihrer Liste hat hier kein Konto' },
  too_many_requests: {
    title: 'Zu viele Versuche',
    detail: 'Warten Sie ein paar Minuten und versuchen Sie es noch einmal.',
  },
  internal: {
    title: 'Auf dem Server ist etwas schiefgegangen',
    detail: 'Sagen Sie den Betreibern dieses Dienstes Bescheid.',
  },
  unavailable: {
    title: 'Der Dienst ist ausgelastet',
    detail: 'Warten Sie einen Moment und versuchen Sie es noch einmal.',
  },
  storage_full: {
    title: 'Auf dem Server ist kein Platz mehr',
    detail: 'Es ging nichts verloren; die Betreiber des Servers müssen Platz schaffen.',
  },
}
