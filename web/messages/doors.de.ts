import type { doors as english } from './doors.en.ts'
import type { Translated } from './translated.ts'

export const doors: Translated<typeof english> = {
  signIn: {
    title: 'Anmelden',
    lead: {
      client: 'Zu den Dokumenten, die für Sie bereitliegen.',
      ops: 'Um Dokumente zu übergeben und zu sehen, wer sie hat.',
    },
    ended: 'Ihre Sitzung ist zu Ende. Melden Sie sich an, um dort weiterzumachen, wo Sie waren.',
    mailed: 'Sie haben den Link aus unserer E-Mail geöffnet. Es fehlt nur noch Ihr Passwort.',
    doors: 'Eingang wählen',
    clientDoor: 'Meine Dokumente',
    opsDoor: 'Für das Team',
    action: 'Anmelden',
    forgot: 'Passwort vergessen?',
    noAccount: 'Noch kein Konto?',
    signUp: 'Registrieren',
    opsByInvitation: 'Konten für das Team entstehen durch Einladung.',
    notVerified: 'Ihre E-Mail-Adresse ist noch nicht bestätigt',
    notVerifiedDetail: 'Öffnen Sie den Link in der E-Mail, die wir Ihnen bei der Registrierung geschickt haben.',
    sendAgain: 'E-Mail noch einmal senden',
    sentAgain: 'Eine neue E-Mail ist unterwegs. Öffnen Sie den Link in der neuesten.',
  },
  signUp: {
    title: 'Konto anlegen',
    lead: 'Nehmen Sie die Adresse, unter der Sie Dokumente erwarten.',
    action: 'Registrieren',
    haveAccount: 'Sie haben schon ein Konto?',
    sentTitle: 'Sehen Sie in Ihr Postfach',
    sent: email => `Wir haben eine E-Mail an ${email} geschickt`,
    sentDetail:
      'Öffnen Sie den Link darin und geben Sie das eben gewählte Passwort ein. Der Link gilt 24 Stunden. Nach ein paar Minuten noch nichts da? Sehen Sie im Spam-Ordner nach.',
  },
  verify: {
    title: 'Adresse bestätigen',
    lead: 'Geben Sie das Passwort ein, das Sie bei der Registrierung gewählt haben. Es zeigt, dass diese Registrierung von Ihnen ist.',
    password: 'Bei der Registrierung gewähltes Passwort',
    action: 'Bestätigen und anmelden',
    wrong: 'Das ist nicht das Passwort dieser Registrierung',
    done: 'Ihre Adresse ist bestätigt.',
    used: 'Schon benutzt?',
    tooOld: 'Älter als einen Tag oder abgeschnitten?',
  },
  forgot: {
    title: 'Neues Passwort wählen',
    lead: 'Wir schicken Ihnen einen Link.',
    action: 'Link senden',
    back: 'Zurück zur Anmeldung',
    sent: email => `Wenn es zu ${email} hier ein Konto gibt, ist eine E-Mail unterwegs`,
    sentDetail: 'Öffnen Sie den Link darin. Nach ein paar Minuten noch nichts da? Sehen Sie im Spam-Ordner nach.',
  },
  reset: {
    title: 'Neues Passwort wählen',
    lead: 'Überall sonst werden Sie abgemeldet.',
    action: 'Passwort speichern',
    done: 'Ihr neues Passwort ist gespeichert',
    doneDetail: 'Melden Sie sich damit an:',
    used: 'Schon ein neues Passwort gewählt?',
    tooOld: 'Zu alt oder abgeschnitten?',
    again: 'Neuen Link anfordern',
  },
  acceptInvitation: {
    title: 'Willkommen',
    by: {
      client: name => `${name} lädt Sie ein, hier Dokumente zu erhalten.`,
      ops: name => `${name} lädt Sie in das Team ein, das hier Dokumente übergibt.`,
      unknown: 'Sie sind eingeladen.',
    },
    lead: 'Sagen Sie uns Ihren Namen und wählen Sie ein Passwort.',
    action: 'Annehmen und anmelden',
    here: 'Zu dieser Adresse gibt es hier schon ein Konto',
    used: 'Schon angenommen?',
    tooOld: 'Noch nie geöffnet? Dann ist der Link zu alt oder wurde zurückgezogen: Bitten Sie um eine neue Einladung.',
  },
  setup: {
    title: 'Valise einrichten',
    lead: 'Legen Sie das erste Administratorkonto an. Diese Seite gibt es nur einmal.',
    action: 'Anlegen und anmelden',
    alreadyDone: 'Dieser Server ist schon eingerichtet',
    noToken: 'Der Einrichtungslink fehlt',
    noTokenDetail: 'Öffnen Sie den ganzen Link, den der Server beim Start in seinem Terminal ausgegeben hat.',
  },
  noToken: {
    title: 'Der Link ist nicht vollständig',
    detail:
      'Öffnen Sie den Link aus der E-Mail noch einmal. Aus der Adresszeile verschwindet er bei jeder Benutzung dieser Seite.',
  },

  arriving: {
    started: 'Ihr Download hat begonnen',
    dead: 'Der Link, den Sie geöffnet haben, funktioniert nicht',
    deadDetail: email =>
      `Er ist abgelaufen, zurückgezogen oder für jemand anderen bestimmt: Sie sind als ${email} angemeldet. Steht das Dokument in dieser Liste, drücken Sie einfach „Herunterladen“. Wenn nicht, melden Sie sich ab und mit der Adresse an, an die es ging.`,
  },
  sessionEnded: {
    title: 'Sie sind nicht mehr angemeldet',
    detail:
      'Sie haben sich in einem anderen Tab abgemeldet, Ihre Sitzung wurde beendet oder ihre Zeit war um. Nach dem Anmelden sind Sie wieder auf dieser Seite.',
    action: 'Wieder anmelden',
  },
  signedIn: (name, email) => `Angemeldet als ${name} (${email})`,
  documents: {
    title: 'Meine Dokumente',
    oneTitle: 'Dokument',
    search: 'Nach Namen suchen',
    back: 'Alle Dokumente',
    from: name => `Von ${name}`,
    isNew: 'Neu',
    ends: distance => `Endet ${distance}`,
    ended: distance => `Abgelaufen ${distance}`,
    download: 'Herunterladen',
    downloadNamed: name => `${name} herunterladen`,
    started: 'Der Download hat begonnen. Das Dokument kommt dorthin, wo Ihr Browser Downloads ablegt.',
    empty: {
      title: 'Noch keine Dokumente',
      detail: 'Sobald Ihnen jemand eines übergibt, steht es hier.',
    },
    notAvailable: {
      available: '',
      pending:
        'Es wird noch auf Schadsoftware geprüft. Herunterladen können Sie es, sobald das fertig ist, meist gleich.',
      expired:
        'Seine Zeit ist um, deshalb lässt es sich nicht mehr herunterladen. Der Absender kann es wieder bereitstellen.',
    },
    had: {
      partly: (sent, all) => `Teilweise heruntergeladen: ${sent} von ${all}`,
      delivered: time => `Heruntergeladen am ${time}`,
      acknowledged: time => `Sie haben am ${time} bestätigt, dass Sie es haben`,
    },
    ask: {
      action: 'Noch einmal darum bitten',
      actionNamed: name => `Noch einmal um ${name} bitten`,
      done: name => `${name} hat Ihre Bitte bekommen.`,
      doneDetail:
        'Sie bekommen eine E-Mail oder finden es hier, wenn es wieder verfügbar ist. Bitten können Sie einmal am Tag.',
    },
    gone: {
      title: 'Es wurde zurückgezogen oder gelöscht, seit diese Seite offen ist',
      detail: (name, email) =>
        `Sie können es nicht mehr herunterladen. Brauchen Sie es noch, schreiben Sie an ${name} (${email}).`,
    },
    missing: {
      title: 'Dieses Dokument gibt es hier nicht',
      detail: email =>
        `Es wurde gelöscht, zurückgezogen oder jemand anderem übergeben: Sie sind als ${email} angemeldet. Kam die E-Mail dazu an eine andere Adresse, melden Sie sich ab und mit jener an; sonst fragen Sie, wer es Ihnen geschickt hat.`,
    },
    writes: name => `${name} schreibt`,
    received: {
      title: 'Empfang',
      sent: time => `Es wurde am ${time} ganz an Sie übertragen.`,
      action: 'Ich habe es erhalten',
      meaning: 'Der Absender sieht, dass und wann Sie das gedrückt haben; es wird festgehalten und gilt für immer.',
      done: time => `Sie haben am ${time} bestätigt, dass Sie es erhalten haben`,
      doneDetail: 'Der Absender kann das sehen.',
      partly: (sent, all) =>
        `Bisher wurden ${sent} von ${all} an Sie übertragen. Zeigt Ihr Browser keinen laufenden Download, drücken Sie noch einmal „Herunterladen“.`,
    },
    check: {
      title: 'Eine Kopie prüfen',
      lead: 'Ist die Datei, die Sie haben, Byte für Byte das, was zugestellt wurde? Wählen Sie sie aus oder legen Sie sie hier ab. Verglichen wird auf Ihrem Gerät, gesendet wird nichts.',
      pick: 'Datei auswählen',
      another: 'Andere Datei prüfen',
      reading: name => `${name} wird verglichen`,
      progress: (name, percent) => `${name} wird verglichen: ${percent}`,
      verdicts: {
        same: 'Das ist Byte für Byte, was zugestellt wurde',
        other_size: 'Das ist nicht dasselbe Dokument',
        other_content: 'Das ist nicht dasselbe Dokument',
        unreadable: 'Die Datei ließ sich nicht lesen',
      },
      recorded: 'Dass Ihre Kopie verglichen wurde, ist festgehalten; der Absender kann es sehen.',
      notDelivered: 'Davon wird nichts festgehalten, weil Sie das Dokument nicht von hier heruntergeladen haben.',
      sizes: (mine, theirs) => `Ihre Datei hat ${mine}, die zugestellte ${theirs}.`,
      reasons:
        'Vielleicht wurde sie geöffnet und wieder gespeichert, was sie auch ohne Eingabe ändert, oder sie ist eine andere Fassung. Laden Sie das Dokument noch einmal herunter, um es so zu haben, wie es zugestellt wurde.',
      unreadable:
        'Sie wurde verschoben, geändert oder ist in einem anderen Programm offen. Wählen Sie sie noch einmal.',
      notRecorded: 'Ihre Kopie stimmt, aber das ließ sich nicht festhalten',
      recordAgain: 'Festhalten',
    },
    factsTitle: 'Über dieses Dokument',
    history: {
      title: 'Was geschehen ist',
      kinds: {
        shared: 'Ihnen übergeben',
        link_issued: 'Sie haben den Download angefordert',
        download_started: 'Ein Download begann',
        download_ended: 'Ein Download endete',
        delivered: 'Es wurde ganz an Sie übertragen',
        confirmed: 'Sie haben eine Kopie verglichen: Byte für Byte gleich',
        acknowledged: 'Sie haben „Ich habe es erhalten“ gedrückt',
        asked_again: 'Sie haben noch einmal darum gebeten',
      },
      bytes: size => `(${size})`,
      empty: { title: 'Noch nichts', detail: 'Ihre Downloads dieses Dokuments stehen dann hier.' },
    },
  },
  links: {
    title: 'Meine Links',
    lead: 'Jeder Download benutzt einen Link, der nur bei Ihnen und nur kurze Zeit funktioniert. Diese gelten noch.',
    file: 'Dokument',
    until: 'Bis',
    ends: distance => `Endet ${distance}`,
    singleUse: 'Gilt einmal',
    revoke: 'Zurückziehen',
    revokeNamed: name => `Link zu ${name} zurückziehen`,
    ended: 'Dieser Link war schon abgelaufen',
    empty: {
      title: 'Zurzeit gilt keiner Ihrer Links',
      detail: 'Ein neuer entsteht jedes Mal, wenn Sie „Herunterladen“ drücken.',
    },
  },
  sessions: {
    title: 'Meine Sitzungen',
    lead: 'Wo Sie angemeldet sind. Beenden Sie, was Sie nicht kennen; ein neues Passwort beendet alle, auch diese hier.',
    password: 'Neues Passwort wählen',
    where: 'Wo',
    current: 'Diese hier',
    unknownProgram: 'Unbekanntes Programm',
    from: (ip, time) => `Von ${ip}, seit ${time}`,
    lastSeen: time => `Zuletzt gesehen ${time}`,
    lastSeenColumn: 'Zuletzt gesehen',
    end: 'Beenden',
    empty: { title: 'Keine Sitzungen' },
  },
}
