import type { handingOver as english } from './handing-over.en.ts'
import type { Translated } from './translated.ts'

const people = (count: number): string => (count === 1 ? '1 Person' : `${count} Personen`)

export const handingOver: Translated<typeof english> = {
  recent: {
    title: 'Wie beim letzten Mal',
    forget: 'Diese vergessen',
    detail: 'Nur in diesem Browser aufbewahrt.',
  },
  ends: {
    choices: {
      none: 'Kein Ende',
      week: at => `In 1 Woche (${at})`,
      fortnight: at => `In 2 Wochen (${at})`,
      month: at => `In 30 Tagen (${at})`,
      date: 'An einem Datum …',
    },
    date: 'Letzter Tag',
    wrong: {
      missing: 'Wählen Sie einen Tag.',
      over: 'Dieser Tag ist vorbei. Wählen Sie heute oder einen späteren.',
      far: 'Das ist mehr als zehn Jahre entfernt. Prüfen Sie das Jahr.',
    },
  },
  reminders: {
    remind: 'Erinnern',
    remindAbout: name => `An ${name} erinnern`,
    remindNamed: name => `${name} erinnern`,
    all: 'Alle erinnern, die es noch nicht abgeholt haben',
    reminded: count => `${people(count)} erinnert`,
    recently: count => `${people(count)} schon im Lauf des letzten Tages erinnert`,
    nobody: 'Niemand wurde erinnert: Wer es noch nicht abgeholt hat, ist per E-Mail noch nicht zu erreichen.',
  },
  deliveryState: {
    nobody: 'Für niemanden sichtbar',
    empty: 'Noch niemand darin',
    pending: 'Wird geprüft',
    all: count => (count === 1 ? 'Abgeholt' : `Alle ${count} haben es`),
    some: (delivered, count) => `${delivered} von ${count} ${delivered === 1 ? 'hat' : 'haben'} es`,
    none: count => (count === 1 ? 'Noch nicht abgeholt' : `Keiner von ${count} hat es`),
    expired: (delivered, count) =>
      count === 1 && delivered === 0
        ? 'Ungelesen abgelaufen'
        : `Abgelaufen; ${delivered} von ${count} ${delivered === 1 ? 'hatte' : 'hatten'} es`,
    told: count => `${count} per E-Mail benachrichtigt`,
    confirmed: count => `${count}-mal Kopie bestätigt`,
    acknowledged: count => `${count}-mal Empfang bestätigt`,
  },
  timeline: {
    empty: { title: 'Dazu ist nichts festgehalten' },
    service: 'Der Dienst',
    somebody: 'Jemand',
    everyone: 'alle',
    group: name => `die Gruppe ${name}`,
    times: count => `${count}-mal in zehn Minuten`,
    kinds: {
      'file.uploaded': ({ who }) => `${who} hat sie hochgeladen. Sie wurde geprüft und verschlüsselt.`,
      'file.refused': () => 'Sie wurde bei der Prüfung abgelehnt.',
      'file.shared': ({ who, whom }) => `${who} hat sie sichtbar gemacht für ${whom}.`,
      'file.withdrawn': ({ who, whom }) => `${who} hat den Zugriff entzogen für ${whom}.`,
      'file.handed_over': ({ who, until, notify }) =>
        `${who} hat sie übergeben${until ? `, verfügbar bis ${until}` : ''}, ${notify ? 'mit einer E-Mail an die Empfänger' : 'ohne E-Mail'}.`,
      'file.expiry_changed': ({ who, until }) =>
        until ? `${who} hat ein neues Ende gesetzt: ${until}.` : `${who} hat das Ende aufgehoben.`,
      'file.expired': () => 'Ihre Zeit war um. Niemand kann sie abholen.',
      'file.reminded': ({ who, count, byService }) =>
        `${byService ? 'Vor dem Ende hat der Dienst' : `${who} hat`} ${people(count)} erinnert.`,
      'file.asked_for': ({ who }) => `${who} hat noch einmal darum gebeten.`,
      'file.deleted': ({ who, reason }) =>
        reason === 'expired'
          ? 'Sie wurde endgültig gelöscht: Ihre Zeit war lange um.'
          : reason === 'malware'
            ? 'Sie wurde gelöscht: Der Virenscanner kennt sie als schädlich.'
            : `${who} hat sie gelöscht.`,
      'file.damaged': () => 'Ihre gespeicherte Kopie ist beschädigt und kann nicht zugestellt werden.',
      'file.scanned': ({ result }) =>
        result === 'clean'
          ? 'Der Virenscanner hat nichts gefunden.'
          : 'Der Virenscanner kennt ihren Inhalt als schädlich. Niemand kann sie abholen.',
      'file.released': ({ who, scan }) =>
        scan === 'hit'
          ? `${who} hat sie gegen den Virenscanner freigegeben.`
          : `${who} hat sie ohne den Virenscanner freigegeben.`,
      'link.issued': ({ who, until }) => `${who} hat einen Link geholt${until ? `, gültig bis ${until}` : ''}.`,
      'link.revoked': ({ who }) => `${who} hat einen Link zurückgezogen.`,
      'file.download_started': ({ who }) => `${who} hat einen Download begonnen.`,
      'file.download_refused': ({ who }) => `Ein Download von ${who} wurde abgewiesen.`,
      'file.download_ended': ({ who, size }) => `Ein Download von ${who} endete nach ${size}.`,
      'file.delivered': ({ who }) => `${who} hat sie ganz abgeholt.`,
      'file.confirmed': ({ who }) => `${who} hat die eigene Kopie verglichen: Byte für Byte das, was zugestellt wurde.`,
      'file.acknowledged': ({ who }) => `${who} hat „Ich habe es erhalten“ gedrückt.`,
      'mail.accepted': ({ whom, about }) =>
        about === 'handoff'
          ? `Der Mailserver hat die E-Mail darüber an ${whom} angenommen.`
          : about === 'reminder'
            ? `Der Mailserver hat die Erinnerung an ${whom} angenommen.`
            : about === 'first_fetch'
              ? 'Wer sie hochgeladen hat, bekam eine E-Mail, dass sie abgeholt wurde.'
              : about === 'asked_again'
                ? 'Wer sie hochgeladen hat, bekam eine E-Mail, dass noch einmal darum gebeten wurde.'
                : 'Der Mailserver hat eine E-Mail darüber angenommen.',
      'mail.given_up': () => 'Eine E-Mail dazu konnte nicht zugestellt werden.',
    },
  },
}
