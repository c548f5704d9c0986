import type { Finding } from '../../contract/errors.ts'
import { createTranslation } from './sentences.ts'

/**
 * The sentences of the inspection (server/inspect/rows.ts, recipient.ts) in German. By sentence rather than by code, since some
 * codes have several; a test compares them both ways.
 */
export const findings: Record<string, string> = {
  'Only Word, Excel and PowerPoint documents (.docx, .xlsx, .pptx) can be sent. Save the document in one of these formats.':
    'Gesendet werden können nur Dokumente von Word, Excel und PowerPoint (.docx, .xlsx, .pptx). Speichern Sie das Dokument in einem dieser Formate.',
  'This is not a Word, Excel or PowerPoint document, although its name says so. Open the original and save it in the current format (.docx, .xlsx or .pptx).':
    'Das ist kein Dokument von Word, Excel oder PowerPoint, auch wenn der Name es sagt. Öffnen Sie das Original und speichern Sie es im heutigen Format (.docx, .xlsx oder .pptx).',
  'The file is incomplete, or something was added to it after it was saved. Open it in Word, Excel or PowerPoint, save it as a new file and send that one.':
    'Die Datei ist unvollständig, oder ihr wurde nach dem Speichern etwas angehängt. Öffnen Sie sie in Word, Excel oder PowerPoint, speichern Sie sie als neue Datei und senden Sie diese.',
  'A few empty bytes follow the document; Office ignores them. Nothing needs to be done.':
    'Auf das Dokument folgen ein paar leere Bytes; Office übergeht sie. Sie brauchen nichts zu tun.',
  'The document was written in a form for very large files; Office reads it all the same. Nothing needs to be done.':
    'Das Dokument ist in einer Form für sehr große Dateien geschrieben; Office liest es trotzdem. Sie brauchen nichts zu tun.',
  'The file is damaged, or it was tampered with. Open it in Word, Excel or PowerPoint, save it as a new file and send that one.':
    'Die Datei ist beschädigt, oder jemand hat sie manipuliert. Öffnen Sie sie in Word, Excel oder PowerPoint, speichern Sie sie als neue Datei und senden Sie diese.',
  'The file is not put together the way Office does it, so that different programs could see different contents in it. Open it in Word, Excel or PowerPoint, save it as a new file and send that one.':
    'Die Datei ist anders aufgebaut, als Office es tut, sodass verschiedene Programme Verschiedenes darin sehen könnten. Öffnen Sie sie in Word, Excel oder PowerPoint, speichern Sie sie als neue Datei und senden Sie diese.',
  'The program that made this document separates folders in an outdated way; some programs may not open it. To be sure, open it in Office and save it again.':
    'Das Programm, mit dem dieses Dokument erstellt wurde, trennt Ordner auf veraltete Weise; manche Programme öffnen es vielleicht nicht. Öffnen Sie es sicherheitshalber in Office und speichern Sie es noch einmal.',
  'Part of the file is protected with an archive password, so it cannot be checked. Send the document without a password; Valise encrypts it anyway.':
    'Ein Teil der Datei ist mit einem Archivpasswort geschützt und lässt sich deshalb nicht prüfen. Senden Sie das Dokument ohne Passwort; Valise verschlüsselt es ohnehin.',
  'The file unpacks to far more than an ordinary document holds, so it cannot be checked. Split the document, or remove unused content, and send it again.':
    'Ausgepackt ist die Datei weit größer als ein gewöhnliches Dokument und lässt sich deshalb nicht prüfen. Teilen Sie das Dokument oder entfernen Sie Unbenutztes und senden Sie es noch einmal.',
  'The document is protected with a password, so it cannot be checked. Remove the password (File, Info, Protect) and send it again; Valise encrypts it anyway.':
    'Das Dokument ist mit einem Passwort geschützt und lässt sich deshalb nicht prüfen. Entfernen Sie das Passwort (Datei, Informationen, Dokument schützen) und senden Sie es noch einmal; Valise verschlüsselt es ohnehin.',
  'This is a document in the old format of Office 97–2003, or another kind of file. Open it in Office and save it as .docx, .xlsx or .pptx; changing the name is not enough.':
    'Das ist ein Dokument im alten Format von Office 97–2003 oder eine andere Art von Datei. Öffnen Sie es in Office und speichern Sie es als .docx, .xlsx oder .pptx; den Namen zu ändern genügt nicht.',
  'What is inside the file is not what its name says. Open it in Office, save it as a Word, Excel or PowerPoint document and send that file.':
    'In der Datei ist etwas anderes, als ihr Name sagt. Öffnen Sie sie in Office, speichern Sie sie als Dokument von Word, Excel oder PowerPoint und senden Sie diese Datei.',
  'This is a template or slide show, not a document. Open it in Office and save it as .docx, .xlsx or .pptx.':
    'Das ist eine Vorlage oder Bildschirmpräsentation, kein Dokument. Öffnen Sie es in Office und speichern Sie es als .docx, .xlsx oder .pptx.',
  'The document contains macros (small programs), or is of a kind that can. Save it without macros, as .docx, .xlsx or .pptx.':
    'Das Dokument enthält Makros (kleine Programme) oder ist von einer Art, die welche enthalten kann. Speichern Sie es ohne Makros als .docx, .xlsx oder .pptx.',
  'The document contains ActiveX controls, which run programs on the reader’s computer. Remove them (Developer, Design Mode) and save it again.':
    'Das Dokument enthält ActiveX-Steuerelemente, die auf dem Rechner der Leser Programme ausführen. Entfernen Sie sie (Entwicklertools, Entwurfsmodus) und speichern Sie es noch einmal.',
  'The document contains a link that can start programs on the reader’s computer (DDE). Remove it, or paste the values without the link, and save it again.':
    'Das Dokument enthält eine Verknüpfung, die auf dem Rechner der Leser Programme starten kann (DDE). Entfernen Sie sie oder fügen Sie die Werte ohne Verknüpfung ein und speichern Sie es noch einmal.',
  'The document fetches part of its contents from another place as soon as it is opened. Break the link (File, Info, Edit Links to Files) so that the contents are in the document itself.':
    'Das Dokument holt einen Teil seines Inhalts von anderswo, sobald es geöffnet wird. Heben Sie die Verknüpfung auf (Datei, Informationen, Verknüpfungen mit Dateien bearbeiten), damit der Inhalt im Dokument selbst steht.',
  'The document refers to a file on your computer that the recipient does not have. If it should be part of the document, embed it instead of linking it.':
    'Das Dokument verweist auf eine Datei auf Ihrem Rechner, die der Empfänger nicht hat. Soll sie zum Dokument gehören, betten Sie sie ein, statt sie zu verknüpfen.',
  'The document remembers the template it was made from. The recipient sees its path but needs nothing from it.':
    'Das Dokument merkt sich die Vorlage, aus der es entstand. Der Empfänger sieht ihren Pfad, braucht aber nichts daraus.',
  'Cells refer to another workbook, which the recipient does not have; they see the last values and the path. To avoid questions, break the links (Data, Edit Links).':
    'Zellen verweisen auf eine andere Arbeitsmappe, die der Empfänger nicht hat; zu sehen sind die letzten Werte und der Pfad. Um Rückfragen zu vermeiden, heben Sie die Verknüpfungen auf (Daten, Verknüpfungen bearbeiten).',
  'Cells refer to a workbook on another computer, which opening the document would contact. Break the links (Data, Edit Links) and save it again.':
    'Zellen verweisen auf eine Arbeitsmappe auf einem anderen Rechner, mit dem sich das Dokument beim Öffnen verbinden würde. Heben Sie die Verknüpfungen auf (Daten, Verknüpfungen bearbeiten) und speichern Sie es noch einmal.',
  'A picture is loaded from the internet when the document is opened; whoever runs that server learns of it. Insert the picture into the document instead.':
    'Ein Bild wird beim Öffnen des Dokuments aus dem Internet geladen; wer jenen Server betreibt, erfährt davon. Fügen Sie das Bild stattdessen in das Dokument ein.',
  'A picture is loaded from a file server, to which opening the document would reveal the reader’s sign-in. Insert the picture into the document instead.':
    'Ein Bild wird von einem Dateiserver geladen, dem das Öffnen des Dokuments die Anmeldung der Leser verraten würde. Fügen Sie das Bild stattdessen in das Dokument ein.',
  'A picture is linked to a file on your computer; the recipient may see an empty frame. Insert the picture into the document if it matters.':
    'Ein Bild ist mit einer Datei auf Ihrem Rechner verknüpft; der Empfänger sieht vielleicht einen leeren Rahmen. Fügen Sie das Bild in das Dokument ein, wenn es wichtig ist.',
  'A sound or video is loaded from the internet when it is played; whoever runs that server learns of it.':
    'Ein Ton oder Video wird beim Abspielen aus dem Internet geladen; wer jenen Server betreibt, erfährt davon.',
  'A sound or video is loaded from a file server, to which this would reveal the reader’s sign-in. Insert it into the document instead.':
    'Ein Ton oder Video wird von einem Dateiserver geladen, dem das die Anmeldung der Leser verraten würde. Fügen Sie es stattdessen in das Dokument ein.',
  'A sound or video is linked to a file on your computer, which the recipient does not have. Insert it into the document if it matters.':
    'Ein Ton oder Video ist mit einer Datei auf Ihrem Rechner verknüpft, die der Empfänger nicht hat. Fügen Sie es in das Dokument ein, wenn es wichtig ist.',
  'Links to web pages, mail addresses or other files: {count}.':
    'Links zu Webseiten, E-Mail-Adressen oder anderen Dateien: {count}.',
  'A link leads to a file on a computer or server, or to a program, rather than to a web page. It will hardly work for the recipient; check whether it is meant.':
    'Ein Link führt zu einer Datei auf einem Rechner oder Server oder zu einem Programm statt zu einer Webseite. Beim Empfänger funktioniert er kaum; prüfen Sie, ob er so gemeint ist.',
  'A link starts a program on the reader’s computer instead of opening a web page. Remove the link and save the document again.':
    'Ein Link startet auf dem Rechner der Leser ein Programm, statt eine Webseite zu öffnen. Entfernen Sie den Link und speichern Sie das Dokument noch einmal.',
  'The document starts a program, or fetches data from another computer, without the reader’s doing. Remove that action or connection and save it again.':
    'Das Dokument startet von sich aus ein Programm oder holt Daten von einem anderen Rechner. Entfernen Sie diese Aktion oder Verbindung und speichern Sie es noch einmal.',
  'The document changes Office’s menus and names a macro for them, which is not in it. Nothing happens, but recipients may see an error.':
    'Das Dokument ändert die Menüs von Office und nennt dafür ein Makro, das nicht darin ist. Es geschieht nichts, aber Empfänger sehen vielleicht eine Fehlermeldung.',
  'A formula fetches something from the internet or from a program when the workbook is calculated. If the values are enough, paste them instead.':
    'Eine Formel holt beim Berechnen der Arbeitsmappe etwas aus dem Internet oder von einem Programm. Genügen die Werte, fügen Sie stattdessen diese ein.',
  'The workbook has a connection to a data source, with its address. If the values are enough, remove the connection (Data, Queries & Connections).':
    'Die Arbeitsmappe hat eine Verbindung zu einer Datenquelle, samt deren Adresse. Genügen die Werte, entfernen Sie die Verbindung (Daten, Abfragen und Verbindungen).',
  'A passage was put into the document in another format (RTF or a web page) that can carry programs or links of its own. Open the document in Word and save it as a new file.':
    'In das Dokument ist eine Passage in einem anderen Format (RTF oder Webseite) eingesetzt, die eigene Programme oder Links mitbringen kann. Öffnen Sie das Dokument in Word und speichern Sie es als neue Datei.',
  'An object of another program is embedded in the document, and the recipient can open it with all that is in it. If a picture of it is enough, paste it as a picture.':
    'In das Dokument ist ein Objekt eines anderen Programms eingebettet, das der Empfänger mit seinem ganzen Inhalt öffnen kann. Genügt ein Bild davon, fügen Sie es als Bild ein.',
  'A program, a shortcut or an object that cannot be checked is embedded in the document. Remove it; old equations can be converted to new ones in Word.':
    'In das Dokument ist ein Programm, eine Verknüpfung oder ein Objekt eingebettet, das sich nicht prüfen lässt. Entfernen Sie es; alte Formeln lassen sich in Word in neue umwandeln.',
  'The file contains something that Office does not show. To be rid of it, open the document in Office and save it as a new file.':
    'Die Datei enthält etwas, das Office nicht zeigt. Um es loszuwerden, öffnen Sie das Dokument in Office und speichern Sie es als neue Datei.',
  'A program is hidden in the file. Open the document in Office, save it as a new file and send that one.':
    'In der Datei ist ein Programm versteckt. Öffnen Sie das Dokument in Office, speichern Sie es als neue Datei und senden Sie diese.',
  'Tracked changes that the recipient can read: {count}. To avoid that, accept or reject them all (Review) and save the document.':
    'Nachverfolgte Änderungen, die der Empfänger lesen kann: {count}. Um das zu vermeiden, nehmen Sie alle an oder lehnen Sie sie ab (Überprüfen) und speichern Sie das Dokument.',
  'Comments that the recipient can read: {count}. If they are not meant for them, delete them (Review) and save the document.':
    'Kommentare, die der Empfänger lesen kann: {count}. Sind sie nicht für ihn bestimmt, löschen Sie sie (Überprüfen) und speichern Sie das Dokument.',
  'Hidden sheets that the recipient can show: {count}. Delete what is not meant for them; hiding does not protect it.':
    'Ausgeblendete Blätter, die der Empfänger einblenden kann: {count}. Löschen Sie, was nicht für ihn bestimmt ist; Ausblenden schützt es nicht.',
  'Hidden rows or groups of columns that the recipient can show: {count}. Delete what is not meant for them; hiding does not protect it.':
    'Ausgeblendete Zeilen oder Spaltengruppen, die der Empfänger einblenden kann: {count}. Löschen Sie, was nicht für ihn bestimmt ist; Ausblenden schützt es nicht.',
  'A hidden slide that the recipient can show. Delete it if it is not meant for them; hiding does not protect it.':
    'Eine ausgeblendete Folie, die der Empfänger einblenden kann. Löschen Sie sie, wenn sie nicht für ihn bestimmt ist; Ausblenden schützt sie nicht.',
  'Passages of hidden text that the recipient can show: {count}. Delete what is not meant for them; hiding does not protect it.':
    'Stellen mit ausgeblendetem Text, die der Empfänger einblenden kann: {count}. Löschen Sie, was nicht für ihn bestimmt ist; Ausblenden schützt es nicht.',
  'Slides with speaker notes, which the recipient can read: {count}. Delete the notes if they are not meant for them.':
    'Folien mit Notizen, die der Empfänger lesen kann: {count}. Löschen Sie die Notizen, wenn sie nicht für ihn bestimmt sind.',
  'The document names its author, the last person who changed it, or their company. To remove that, use File, Info, Inspect Document.':
    'Das Dokument nennt seinen Autor, den letzten Bearbeiter oder deren Firma. Entfernen lässt sich das unter Datei, Informationen, Dokument prüfen.',
  'The document contains constructs that Office never writes and that are used to attack programs. Open it in Word, Excel or PowerPoint, save it as a new file and send that one.':
    'Das Dokument enthält Strukturen, die Office nie schreibt und mit denen man Programme angreift. Öffnen Sie es in Word, Excel oder PowerPoint, speichern Sie es als neue Datei und senden Sie diese.',
  'Part of the document is damaged. Open it in Word, Excel or PowerPoint, save it as a new file and send that one.':
    'Ein Teil des Dokuments ist beschädigt. Öffnen Sie es in Word, Excel oder PowerPoint, speichern Sie es als neue Datei und senden Sie diese.',
  'The document could not be checked. Try once more; if it happens again, save the document as a new file or ask your administrator.':
    'Das Dokument ließ sich nicht prüfen. Versuchen Sie es noch einmal; geschieht es wieder, speichern Sie es als neue Datei oder fragen Sie Ihre Administration.',
  'The malware scanner knows this content as harmful. Do not open the file or pass it on; tell whoever looks after your computers.':
    'Der Virenscanner kennt diesen Inhalt als schädlich. Öffnen Sie die Datei nicht und geben Sie sie nicht weiter; sagen Sie denen Bescheid, die Ihre Rechner betreuen.',
  'The malware scanner could not look at this file yet, and until it has nobody can download it. It is asked again by itself; after a day an administrator can decide.':
    'Der Virenscanner konnte diese Datei noch nicht ansehen, und bis dahin kann sie niemand herunterladen. Er wird von selbst wieder gefragt; nach einem Tag kann ein Administrator entscheiden.',

  // To whoever receives the document
  'When you open this document, a picture may be loaded from the internet; whoever runs that server can learn that you did. In Protected View nothing is loaded.':
    'Wenn Sie dieses Dokument öffnen, wird vielleicht ein Bild aus dem Internet geladen; wer jenen Server betreibt, kann davon erfahren. In der geschützten Ansicht wird nichts geladen.',
  'A sound or video in this document is loaded from the internet when you play it.':
    'Ein Ton oder Video in diesem Dokument wird aus dem Internet geladen, wenn Sie es abspielen.',
  'Some cells refer to another workbook. You need not update them: the last values are in the document.':
    'Einige Zellen verweisen auf eine andere Arbeitsmappe. Sie brauchen sie nicht zu aktualisieren: Die letzten Werte stehen im Dokument.',
  'A link in this document leads to a file or a program rather than to a web page. Do not follow it unless you expect it.':
    'Ein Link in diesem Dokument führt zu einer Datei oder einem Programm statt zu einer Webseite. Folgen Sie ihm nur, wenn Sie ihn erwarten.',
  'This document contains an object of another program. Open that object only if you expect it from the sender.':
    'Dieses Dokument enthält ein Objekt eines anderen Programms. Öffnen Sie es nur, wenn Sie es vom Absender erwarten.',
  'This document can fetch data from other places. If Office asks whether to allow it, say no unless the sender told you otherwise.':
    'Dieses Dokument kann Daten von anderswo holen. Fragt Office, ob es das darf, lehnen Sie ab, wenn der Absender Ihnen nichts anderes gesagt hat.',
  'The malware scanner stopped this document. Do not open copies of it that you may have.':
    'Der Virenscanner hat dieses Dokument gestoppt. Öffnen Sie keine Kopien davon, die Sie vielleicht haben.',
  'This document is still being checked for malware. You can download it once that is done.':
    'Dieses Dokument wird noch auf Schadsoftware geprüft. Danach können Sie es herunterladen.',
}

const say = createTranslation(findings)

/** Findings are kept with the file, in the words of the release that made them: one whose words changed is told by its code. */
export const finding = ({ code, severity, message }: Finding): string =>
  say(message) ??
  (severity === 'block'
    ? `Das Dokument enthält etwas, das nicht übergeben werden kann (${code}).`
    : `Die Prüfung hat etwas bemerkt, das Sie wissen sollten (${code}).`)
