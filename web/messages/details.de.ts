/**
 * What the server says in the details of its refusals, in German: its English sentence → ours, `{…}` standing for what it fills
 * in. A test walks the server's sources for sentences without a row here, and this table for rows without a sentence there.
 */
export const details: Record<string, string> = {
  // Signing in and up, mailed links
  'Open the link in the mail, or ask for another mail.':
    'Öffnen Sie den Link in der E-Mail oder fordern Sie eine neue an.',
  'Too many attempts. If the account is yours, a mail with a link to sign in is on its way.':
    'Zu viele Versuche. Wenn das Konto Ihres ist, ist eine E-Mail mit einem Link zum Anmelden unterwegs.',
  'Too many attempts; wait a little.': 'Zu viele Versuche; warten Sie ein wenig.',
  'Many people are signing in; try again in a moment.':
    'Viele melden sich gerade an; versuchen Sie es gleich noch einmal.',
  'Type the password you chose at this very sign-up, or sign up again and use the newest mail.':
    'Geben Sie das Passwort ein, das Sie bei genau dieser Registrierung gewählt haben, oder registrieren Sie sich noch einmal und nehmen Sie die neueste E-Mail.',
  'It was used already, is older than a day, or is incomplete. If the address is verified already, sign in; else sign up again.':
    'Er wurde schon benutzt, ist älter als einen Tag oder unvollständig. Ist die Adresse schon bestätigt, melden Sie sich an; sonst registrieren Sie sich noch einmal.',
  'It was used already, is older than an hour, or is incomplete. Ask for a new mail.':
    'Er wurde schon benutzt, ist älter als eine Stunde oder unvollständig. Fordern Sie eine neue E-Mail an.',
  'It was used already, is older than an hour, or is incomplete. Sign in as usual.':
    'Er wurde schon benutzt, ist älter als eine Stunde oder unvollständig. Melden Sie sich wie sonst an.',
  'It was used already, withdrawn, is older than a week, or is incomplete. Ask for another invitation.':
    'Sie wurde schon angenommen oder zurückgezogen, ist älter als eine Woche oder der Link ist unvollständig. Bitten Sie um eine neue Einladung.',
  'Sign-up is for certain domains only. Ask for an invitation.':
    'Registrieren kann man sich nur mit Adressen bestimmter Domains. Bitten Sie um eine Einladung.',
  'Accounts are by invitation. Ask the people who send you documents for one.':
    'Konten gibt es auf Einladung. Bitten Sie diejenigen darum, von denen Sie Dokumente bekommen.',

  // Fields
  'must not be longer than 254 characters, nor contain spaces or invisible characters':
    'Höchstens 254 Zeichen, ohne Leerzeichen und unsichtbare Zeichen.',
  'contains a character that stands for another; write it plainly':
    'Ein Zeichen darin steht für ein anderes; schreiben Sie es schlicht.',
  'must look like name@example.com': 'Eine Adresse sieht aus wie name@example.com.',
  'contains a letter whose capital form is ambiguous before the @':
    'Vor dem @ steht ein Buchstabe, dessen Großform nicht eindeutig ist.',
  'must have a domain like example.com after the @': 'Nach dem @ fehlt eine Domain wie example.com.',
  'has more than 64 bytes before the @': 'Vor dem @ stehen mehr als 64 Byte.',
  'is longer than 254 bytes': 'Die Adresse ist länger als 254 Byte.',
  'contains a character that cannot be shown': 'Ein Zeichen darin lässt sich nicht darstellen.',
  'is empty': 'Hier fehlt etwas.',
  'Choose a password of at most 128 characters, without control characters.':
    'Wählen Sie ein Passwort von höchstens 128 Zeichen, ohne Steuerzeichen.',
  'Choose a password of at least 8 characters.': 'Wählen Sie ein Passwort von mindestens 8 Zeichen.',
  'Choose a password that is not your name or e-mail address.':
    'Wählen Sie ein Passwort, das nicht Ihr Name oder Ihre E-Mail-Adresse ist.',
  'Choose a password that is not on the lists of common ones.':
    'Wählen Sie ein Passwort, das nicht auf den Listen der häufigsten steht.',
  'is not a field here': 'Diese Angabe ist hier nicht vorgesehen.',
  'is not valid': 'Das ist so nicht gültig.',
  'is missing': 'Das fehlt.',
  'is too long': 'Das ist zu lang.',
  'is not JSON': 'Das ist kein JSON.',

  // People and groups
  '{email} has {article} {role} account.': '{email} hat schon ein Konto.',
  '{email} has a client account already; put it into a group, or share with it.':
    '{email} hat schon ein Kundenkonto; nehmen Sie es in eine Gruppe auf oder übergeben Sie ihm etwas.',
  '{email} is in the team already.': '{email} ist schon im Team.',
  'There is a group called {name}.': 'Es gibt schon eine Gruppe namens {name}.',
  'There is no account for {names} and others. Invite them first, or correct the spelling.':
    'Zu {names} und weiteren gibt es kein Konto. Sprechen Sie zuerst Einladungen aus oder berichtigen Sie die Schreibweise.',
  'There is no account for {names}. Invite them first, or correct the spelling.':
    'Zu {names} gibt es kein Konto. Sprechen Sie zuerst eine Einladung aus oder berichtigen Sie die Schreibweise.',
  'No client account for {names} and others. Invite them first, or correct the spelling.':
    'Zu {names} und weiteren gibt es kein Kundenkonto. Sprechen Sie zuerst Einladungen aus oder berichtigen Sie die Schreibweise.',
  'No client account for {names}. Invite them first, or correct the spelling.':
    'Zu {names} gibt es kein Kundenkonto. Sprechen Sie zuerst eine Einladung aus oder berichtigen Sie die Schreibweise.',
  'This is the last admin; make another one first.':
    'Das ist das letzte Administratorkonto; ernennen Sie zuerst ein anderes.',
  'Only an admin invites to the team.': 'Ins Team laden nur Administratoren ein.',
  'It was accepted; disable the account instead.': 'Sie wurde schon angenommen; sperren Sie stattdessen das Konto.',
  'are for clients': 'Gruppen sind für Kunden.',
  '{id} is not a group that you manage': '{id} ist keine Gruppe, die Sie verwalten.',

  // Documents
  'The file was not accepted; nothing of it was kept.':
    'Die Datei wurde nicht angenommen; nichts davon ist gespeichert.',
  'A file may have at most {most}.': 'Eine Datei darf höchstens {most} groß sein.',
  'The session ended while the file was arriving.': 'Die Sitzung endete, während die Datei ankam.',
  'The upload was interrupted.': 'Das Hochladen wurde unterbrochen.',
  'The upload took too long; send the file again.': 'Das Hochladen dauerte zu lange; senden Sie die Datei noch einmal.',
  'The form ends too early or is not well formed.': 'Die Übertragung endete zu früh oder ist nicht wohlgeformt.',
  'The form has no usable boundary.': 'Die Übertragung ist nicht wohlgeformt.',
  'Send multipart/form-data with a part named file.': 'Senden Sie multipart/form-data mit einem Teil namens file.',
  'needs a file name': 'Der Dateiname fehlt.',
  'has a name of more than {most} characters': 'Der Name hat mehr als {most} Zeichen.',
  'has control characters in its name': 'Der Name enthält Steuerzeichen.',
  'has more parts than file and audience': 'Die Übertragung hat mehr Teile als Datei und Empfänger.',
  'has two parts {part}': 'Die Übertragung hat zwei Teile {part}.',
  'has a part other than file and audience': 'Die Übertragung hat einen Teil, der weder Datei noch Empfänger ist.',
  'takes {"everyone":true|false,"groups":[id],"clients":[id or e-mail]}':
    'Erwartet wird {"everyone":true|false,"groups":[id],"clients":[id oder E-Mail]}.',
  'Many files are being inspected; send it again in a moment.':
    'Viele Dateien werden gerade geprüft; senden Sie sie gleich noch einmal.',
  'The file does not wait for the malware scanner.': 'Die Datei wartet nicht auf den Virenscanner.',
  'The scanner is still being asked; an administrator can decide from {time} on.':
    'Der Virenscanner wird noch gefragt; ein Administrator kann ab {time} entscheiden.',
  'Nothing was lost; the people who run this server must make room.':
    'Es ging nichts verloren; die Betreiber des Servers müssen Platz schaffen.',
  'The key of this file is not here yet; try again later.':
    'Der Schlüssel dieser Datei ist noch nicht da; versuchen Sie es später noch einmal.',

  // Links
  'Too many of your links are still alive. Use or revoke some, or wait until they expire.':
    'Zu viele Ihrer Links gelten noch. Benutzen Sie welche, ziehen Sie sie zurück oder warten Sie, bis sie ablaufen.',
  'Links are not opened in advance.': 'Links werden nicht im Voraus geöffnet.',
  'At most {most} downloads run at a time; wait until one has ended.':
    'Höchstens {most} Downloads laufen gleichzeitig; warten Sie, bis einer zu Ende ist.',
  'must be whole seconds from 1 to {most}': 'Das müssen ganze Sekunden von 1 bis {most} sein.',

  // Every request
  'The database is busy; try again.': 'Die Datenbank ist ausgelastet; versuchen Sie es noch einmal.',
  'Quote {instance} to the people who run this server.': 'Nennen Sie den Betreibern dieses Servers {instance}.',
  'This is the {role} door.': 'Das ist der andere Eingang.',
  'Open {address} instead.': 'Öffnen Sie stattdessen {address}.',
  'Open the page of this service itself and try again there.':
    'Öffnen Sie die Seite dieses Dienstes selbst und versuchen Sie es dort noch einmal.',
  'Use {methods}.': 'Vorgesehen ist {methods}.',
  'The body is nested too deeply.': 'Die Anfrage ist zu tief verschachtelt.',
  'The body is not valid UTF-8.': 'Die Anfrage ist kein gültiges UTF-8.',
  'The body begins with a byte order mark.': 'Die Anfrage beginnt mit einer Byte-Reihenfolge-Marke.',
  'The body is not valid JSON.': 'Die Anfrage ist kein gültiges JSON.',
  'Send either an Authorization header or a cookie, not both.':
    'Senden Sie entweder einen Authorization-Header oder ein Cookie, nicht beides.',
  'The header {name} may stand in a request once.': 'Der Header {name} darf in einer Anfrage nur einmal stehen.',
  'cookies are for browsers, which send Sec-Fetch-Site or Origin; ask for bearer':
    'Cookies sind für Browser, die Sec-Fetch-Site oder Origin senden; verlangen Sie bearer.',
  'must be a whole number from 1 to {most}': 'Das muss eine ganze Zahl von 1 bis {most} sein.',
  'is not the next_cursor of a page of this list': 'Das ist kein next_cursor einer Seite dieser Liste.',
  'must be an RFC 3339 time such as 2026-01-31T12:00:00Z':
    'Das muss eine Zeit nach RFC 3339 sein, wie 2026-01-31T12:00:00Z.',

  // Handing over
  'There is no file {id} of yours.': 'Unter Ihren Dateien gibt es keine {id}.',
  '“{name}” has expired. Give it a new end first, or upload it again.':
    '„{name}“ ist abgelaufen. Geben Sie der Datei erst ein neues Ende oder laden Sie sie noch einmal hoch.',
  'names nobody': 'Damit ist niemand genannt.',
  'must be in the future': 'Der Zeitpunkt muss in der Zukunft liegen.',
  'is more than ten years away': 'Der Zeitpunkt ist mehr als zehn Jahre entfernt.',
  'The file has expired: give it a new end first.': 'Die Datei ist abgelaufen: Geben Sie ihr erst ein neues Ende.',
  'The file waits for the malware scanner: nobody can fetch it yet.':
    'Die Datei wartet auf den Virenscanner: Noch kann niemand sie herunterladen.',
  'Download the whole document first; then say that you have it.':
    'Laden Sie erst das ganze Dokument herunter; dann bestätigen Sie, dass Sie es haben.',
  'Download the whole document first; then compare your copy.':
    'Laden Sie erst das ganze Dokument herunter; dann vergleichen Sie Ihre Kopie.',
  'That is another document, or another version: it is not what was delivered.':
    'Das ist ein anderes Dokument oder eine andere Fassung: nicht das, was übergeben wurde.',
  'The document is still there; just download it.': 'Das Dokument ist noch da; laden Sie es einfach herunter.',
  'At most {count} event streams of a session are open at a time; close one first.':
    'In einer Sitzung sind höchstens {count} Ereignisströme gleichzeitig offen; schließen Sie erst einen.',

  // Uploads that go on where they stopped
  'This upload has ended. Send the file again.': 'Diese Übertragung ist beendet. Senden Sie die Datei noch einmal.',
  'This upload is a file now, and files never change.':
    'Diese Übertragung ist abgeschlossen, und Dateien ändern sich nicht mehr.',
  'is not that of the bytes that arrived; nothing was kept. Send the file again.':
    'Unterwegs ist etwas verändert worden; nichts wurde behalten. Senden Sie die Datei noch einmal.',
  'This upload announced {size} bytes, and these are more.': 'Angekündigt waren {size} Byte, angekommen sind mehr.',
  'You have {count} uploads that are not finished. Finish or remove some of them first.':
    'Sie haben {count} Übertragungen, die nicht abgeschlossen sind. Schließen Sie erst einige ab oder entfernen Sie sie.',
  'Another request goes on with this upload. Ask for its offset and continue from there.':
    'Diese Übertragung wird gerade anderswo fortgesetzt.',
  'What had arrived is no longer there. Send the file again.':
    'Was schon angekommen war, ist nicht mehr da. Senden Sie die Datei noch einmal.',
  'The upload stands at byte {at}, not at {offset}. Continue from there.':
    'Angekommen ist die Datei bis Byte {at}, nicht bis {offset}.',
  'This upload was not finished within 24 hours, and is gone. Send the file again.':
    'Diese Übertragung wurde nicht innerhalb von 24 Stunden abgeschlossen und ist gelöscht. Senden Sie die Datei noch einmal.',

  // Downloads
  'This download link does not work here: it has expired, was withdrawn, or was made for somebody else than the account that is signed in. Open your documents and press Download there; if nothing is listed, sign in with the address to which the document was sent.':
    'Dieser Download-Link funktioniert hier nicht: Er ist abgelaufen, wurde zurückgezogen oder gilt für ein anderes Konto als das angemeldete. Öffnen Sie Ihre Dokumente und drücken Sie dort auf „Herunterladen“; steht dort nichts, melden Sie sich mit der Adresse an, an die das Dokument ging.',
  'The file that this upload became was deleted. Send it again.':
    'Die Datei aus dieser Übertragung wurde gelöscht. Senden Sie sie noch einmal.',
}
