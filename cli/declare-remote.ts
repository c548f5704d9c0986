import { type Command, Option } from 'commander'
import type { End } from './program.ts'

const several = (value: string, before: string[] = []): string[] => [...before, value]
const role = () => new Option('--role <role>', 'ops sends documents, client receives them').choices(['ops', 'client'])
const folder = () =>
  new Option('--config-dir <folder>', 'Where the session is kept (default: valise in your config folder)')
const json = () => new Option('--json', 'One JSON object per line, for scripts')

/** Commands that people use on any server, over HTTP. */
export const declareRemote = (program: Command, end: End): void => {
  program.commandsGroup('For people:')

  program
    .command('login')
    .summary('Sign in to a server')
    .description('Signs in and keeps the session on this machine. Asks for what is not given.')
    .option('--server <url>', 'Address of the server (default: the last one)')
    .addOption(role())
    .option('--email <address>', 'Your e-mail address')
    .option('--password-stdin', 'Read the password from the first line of standard input')
    .addOption(folder())
    .addHelpText('after', example('valise login --server https://valise.example --role ops --email olga@firm.example'))
    .action(async options => end(import('./commands/login.ts').then(({ login }) => login(options))))

  program
    .command('logout')
    .summary('Sign out')
    .description('Ends the session on the server and forgets it here.')
    .addOption(folder())
    .action(async options => end(import('./commands/logout.ts').then(({ logout }) => logout(options))))

  program
    .command('send')
    .summary('Send documents to clients')
    .description(
      'Uploads each document, which the server inspects and seals, then hands them over: the named people see them, nobody else,\nand get one mail. Recipients are looked up before anything is sent.',
    )
    .argument('<file...>', 'Word, Excel or PowerPoint documents')
    .addOption(new Option('--to <address>', 'A client; may be given several times').argParser(several))
    .addOption(new Option('--group <name>', 'A group; may be given several times').argParser(several))
    .option('--everyone', 'All verified clients')
    .option('--note <text>', 'Words to them, in the mail and beside the documents')
    .option('--until <day>', 'The last day they can fetch it, like 2026-12-31')
    .option('--no-mail', 'Tell nobody by mail')
    .option('--tell-me', 'Mail me when somebody has fetched a document for the first time')
    .addOption(json())
    .addOption(folder())
    .addHelpText(
      'after',
      example(
        'valise send report.docx --to clara@client.example',
        'valise send offer.docx --to clara@client.example --note "As discussed" --until 2027-01-31',
        'valise send *.xlsx --group "Acme Ltd" --to auditor@other.example',
      ),
    )
    .action(async (files, options) => end(import('./commands/send.ts').then(({ send }) => send(files, options))))

  program
    .command('list')
    .summary('List documents: sent by you (ops), or shared with you (client)')
    .description('Lists documents, newest first: as ops those you sent, as client those shared with you.')
    .option('-q, --query <words>', 'Only names with words that begin like these')
    .option('--from <address>', 'Only what this person sent')
    .option('--all', "Everybody's, for administrators")
    .addOption(json())
    .addOption(folder())
    .action(async options => end(import('./commands/list.ts').then(({ list }) => list(options))))

  program
    .command('get')
    .summary('Fetch a document that was shared with you')
    .description(
      'Fetches a document by its name or id, checks its SHA-256, and only then gives it its name.\nAn interrupted download goes on where it ended when you run the command again.',
    )
    .argument('<name-or-id>', 'As valise list shows it')
    .option('-o, --output <path>', 'File or folder to put it (default: its name, here)')
    .option('--from <address>', 'Who sent it, where several files have the name')
    .option('-f, --force', 'Replace a file that is there')
    .addOption(json())
    .addOption(folder())
    .addHelpText('after', example('valise get report.docx', 'valise get "Annual report.docx" -o ~/Documents'))
    .action(async (name, options) => end(import('./commands/get.ts').then(({ get }) => get(name, options))))
}

/** Lines for the end of a command's help. */
export const example = (...lines: string[]): string =>
  `\n${lines.length === 1 ? 'Example' : 'Examples'}:\n${lines.map(line => `  ${line}`).join('\n')}`
