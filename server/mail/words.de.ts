import type { Words } from './words.en.ts'

const documents = (count: number): string => (count === 1 ? 'ein Dokument' : `${count} Dokumente`)

/** Every text of the mails in German. */
export const de: Words = {
  locale: 'de-DE',
  footer: host => `Gesendet vom Dokumentendienst ${host}. Antworten an diese Adresse werden nicht gelesen.`,
  once: moment => `Der Link funktioniert einmal, bis ${moment}.`,
  notYou: 'Wenn Sie das nicht waren, brauchen Sie nichts zu tun.',
  verification: {
    subject: host => `Bestätigen Sie Ihre Adresse für ${host}`,
    why: host => `Jemand, vermutlich Sie, hat sich mit dieser E-Mail-Adresse bei ${host} registriert.`,
    how: 'Öffnen Sie zum Abschluss diese Seite und geben Sie das Passwort ein, das dabei gewählt wurde.',
    action: 'Diese Adresse bestätigen',
    otherwise:
      'Wenn Sie das nicht waren, tun Sie nichts: Ohne diesen Schritt entsteht kein Konto. Bestätigen Sie nie eine Registrierung, die nicht von Ihnen ist.',
  },
  alreadyRegistered: {
    subject: host => `Sie haben bereits ein Konto bei ${host}`,
    why: host =>
      `Jemand, vermutlich Sie, wollte sich mit dieser E-Mail-Adresse bei ${host} registrieren. Sie hat dort schon ein Konto; geändert wurde nichts.`,
    action: 'Anmelden',
    forgot: 'Wenn Sie das Passwort nicht mehr wissen, fordern Sie auf dieser Seite ein neues an.',
  },
  reset: {
    subject: host => `Wählen Sie ein neues Passwort für ${host}`,
    why: host => `Jemand, vermutlich Sie, hat ein neues Passwort für Ihr Konto bei ${host} angefordert.`,
    action: 'Neues Passwort wählen',
    ends: 'Damit enden alle Sitzungen des Kontos.',
    otherwise: 'Wenn Sie das nicht waren, tun Sie nichts: Ihr Passwort bleibt, wie es ist.',
  },
  invitation: {
    subject: host => `Sie sind eingeladen zu ${host}`,
    client: host => `Sie sind eingeladen, bei ${host} Dokumente zu empfangen.`,
    ops: host => `Sie sind eingeladen, als Mitglied des Teams bei ${host} Dokumente zu übergeben.`,
    how: 'Öffnen Sie diese Seite, um ein Passwort zu wählen.',
    action: 'Einladung annehmen',
    otherwise:
      'Wenn Sie keine Einladung erwarten, fragen Sie auf anderem Weg bei der Person nach, von der sie zu kommen scheint, oder tun Sie nichts.',
  },
  signIn: {
    subject: host => `Anmelden bei ${host}`,
    why: host =>
      `Jemand, vermutlich Sie, hat einen Link zum Anmelden bei ${host} angefordert. Die Seite fragt zusätzlich nach Ihrem Passwort.`,
    action: 'Anmelden',
    otherwise:
      'Wenn Sie das nicht waren, tun Sie nichts: Ohne diesen Link und Ihr Passwort kann sich niemand anmelden. Wenn es oft vorkommt, wählen Sie ein neues Passwort.',
  },
  malware: {
    subject: host => `Der Virenscanner von ${host} hat eine Datei aufgehalten`,
    why: (host, moment) =>
      `Der Virenscanner von ${host} kennt den Inhalt einer Datei, die Sie am ${moment} hochgeladen haben, als schädlich.`,
    refused: 'Niemand konnte sie herunterladen. Sie wurde abgelehnt, und nichts von ihr wurde behalten.',
    withdrawn:
      'Sie konnte bis jetzt heruntergeladen werden, ab jetzt nicht mehr. Die Administration entscheidet, was mit ihr geschieht.',
    advice:
      'Öffnen Sie dieses Dokument nicht. Lassen Sie den Rechner, von dem es stammt, prüfen, bevor Sie eine andere Fassung senden.',
    action: 'Ihre Dateien ansehen',
  },
  until: (name, moment) => `${name} (bis ${moment})`,
  from: (document, name, email) => `${document}, von ${name} (${email})`,
  openOne: 'Dokument öffnen',
  openAll: 'Ihre Dokumente öffnen',
  safe: 'Der Link enthält kein Geheimnis: Um etwas zu sehen, melden Sie sich an. Niemand wird Sie je in einer E-Mail nach Ihrem Passwort fragen.',
  handedOver: {
    subject: host => `Dokumente für Sie bei ${host}`,
    what: (name, email, count, moment) => `${name} (${email}) hat Ihnen am ${moment} ${documents(count)} übergeben:`,
    writes: name => `${name} schreibt dazu:`,
  },
  reminder: {
    subject: host => `Dokumente warten auf Sie bei ${host}`,
    what: count =>
      `${count === 1 ? 'Ein Dokument wartet' : `${count} Dokumente warten`} auf Sie, noch nicht heruntergeladen:`,
  },
  openFile: 'Datei öffnen',
  openFiles: 'Ihre Dateien öffnen',
  fetched: {
    subject: host => `Ihre Dokumente wurden abgeholt bei ${host}`,
    what: 'Sie wollten Bescheid wissen, wenn jemand heruntergeladen hat, was Sie übergeben haben:',
  },
  askedAgain: {
    subject: host => `Sie werden um Dokumente gebeten bei ${host}`,
    what: 'Jemand hätte gern ein Dokument, dessen Zeit abgelaufen ist:',
    how: 'Geben Sie der Datei auf ihrer Seite ein neues Ende, um es zu ermöglichen.',
  },
}
