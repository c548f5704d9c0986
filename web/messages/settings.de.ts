/** What each setting is for. The server's own words are English; test/web/catalogues.test.ts compares the names. */
export const settingsHelp: Record<string, string> = {
  VALISE_DATA_DIR: 'Ordner der Datenbank, der versiegelten Dateien und des Schlüsselbunds',
  VALISE_HOST: 'Adresse, an der der Server lauscht',
  VALISE_PORT: 'Port, an dem der Server lauscht; 0 nimmt einen freien',
  VALISE_PUBLIC_URL:
    'Adresse, die man im Browser eingibt; Links in E-Mails beginnen damit. Nicht gesetzt: http://localhost:<Port>',
  VALISE_DATABASE_URL: 'sqlite:<Pfad>. Nicht gesetzt: valise.sqlite im Datenordner',
  VALISE_STORAGE_URL: 'file:<Pfad> des Ordners für versiegelte Dateien. Nicht gesetzt: der Datenordner',
  VALISE_KEYRING:
    'Der Schlüsselbund selbst als JSON. Nicht gesetzt: keyring.json im Datenordner, beim ersten Start angelegt',
  VALISE_SMTP_URL:
    'Mail-Relay, smtp://Benutzer:Passwort@Host:587 oder smtps://…. Nicht gesetzt, nur auf Loopback: E-Mails werden in den Datenordner geschrieben',
  VALISE_MAIL_FROM: 'Absender aller E-Mails; nötig, wenn SMTP_URL gesetzt ist',
  VALISE_SIGNUP: 'Wer sich als Kunde registrieren kann',
  VALISE_DEFAULT_AUDIENCE: 'Wer eine neue Datei sieht, wenn das Team niemanden ausgewählt hat',
  VALISE_LINK_TTL: 'Wie lange ein Download-Link gilt, wenn nichts anderes verlangt wird',
  VALISE_LINK_TTL_MAX: 'Wie lange ein Download-Link höchstens gelten kann, wenn ein Kunde es verlangt',
  VALISE_SESSION_IDLE: 'Eine so lange ungenutzte Sitzung endet',
  VALISE_SESSION_MAX: 'Nach dieser Zeit endet eine Sitzung, ob genutzt oder nicht',
  VALISE_MAX_UPLOAD: 'Größte Datei, die angenommen wird',
  VALISE_EXPIRED_GRACE: 'Nach dieser Zeit wird eine abgelaufene Datei endgültig gelöscht',
  VALISE_REMIND_BEFORE: 'So lange vor dem Ablauf werden Kunden erinnert, die eine Datei noch nicht abgeholt haben',
  VALISE_INSPECT_POLICY: 'Geänderte Schweregrade; docs/inspection.md sagt, welche änderbar sind',
  VALISE_CLAMD_URL:
    'Virenscanner, unix:/run/clamav/clamd.ctl oder tcp://host:3310. Nicht gesetzt: Dateien werden nicht auf Viren geprüft',
  VALISE_TRUSTED_PROXIES: 'Proxys, deren X-Forwarded-For geglaubt wird',
  VALISE_LOG_LEVEL: 'Wie ausführlich das technische Log des Servers ist',
}
