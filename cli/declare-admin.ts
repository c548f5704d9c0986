import { type Command, Option } from 'commander'
import { example } from './declare-remote.ts'
import type { End } from './program.ts'

const role = () =>
  new Option('--role <role>', 'Which of the two doors').choices(['ops', 'client']).makeOptionMandatory()
const json = () => new Option('--json', 'One JSON object per line, for scripts')

/** Commands that work on the data folder of this machine. */
export const declareAdmin = (program: Command, end: End): void => {
  program.commandsGroup('For whoever runs the server:')

  program
    .command('serve')
    .summary('Run the server')
    .description('Runs the server until it is told to stop, as npm start does. Settings come from the environment.')
    .addHelpText('after', example('VALISE_DATA_DIR=/srv/valise valise serve'))
    .action(async () => (await import('../server/main.ts')).main())

  program
    .command('worker')
    .summary('Send mails without serving HTTP')
    .description('Sends the mails that wait, and nothing else, until it is told to stop. Runs beside a server.')
    .action(async () => end(import('./commands/worker.ts').then(({ work }) => work())))

  program
    .command('config')
    .summary('Show the settings in force')
    .description('Lists every setting, its value and where it comes from. Secrets are not shown.')
    .addOption(json())
    .action(async options => end(import('./commands/config.ts').then(({ showConfig }) => showConfig(options))))

  program
    .command('doctor')
    .summary('Check the installation')
    .description('Checks settings, keyring, database, storage, audit log, clock and mail relay, and says what to mend.')
    .option('--scan', 'Also open every stored file to its last byte')
    .addOption(json())
    .action(async options => end(import('./commands/doctor.ts').then(({ doctor }) => doctor(options))))

  program
    .command('scan')
    .summary('Ask the malware scanner about stored files again')
    .description(
      'Asks the scanner of VALISE_CLAMD_URL about stored files, with its signatures of today. A file that it knows is withdrawn\nat once, also from running downloads; the report says who has downloaded it.',
    )
    .option('--since <time>', 'Only files uploaded since then, for example 2026-11-01')
    .addOption(json())
    .addHelpText('after', example('valise scan --since 2026-11-01'))
    .action(async options => end(import('./commands/scan.ts').then(({ scanStored }) => scanStored(options))))

  program
    .command('inspect')
    .summary('Check documents as the server would')
    .description('Says of each document whether it would be accepted, and what was found. Sends nothing anywhere.')
    .argument('<file...>', 'Documents on this machine')
    .addOption(json())
    .addHelpText('after', example('valise inspect *.docx', 'valise inspect --json contract.docx'))
    .action(async (files, options) =>
      end(import('./commands/inspect.ts').then(({ inspectFiles }) => inspectFiles(files, options))),
    )

  declareUser(
    program.command('user').summary('Manage accounts').description('Manages accounts directly in the data folder.'),
    end,
  )
  declareKeys(
    program.command('keys').summary('Manage keys').description('Manages the keys that files are sealed with.'),
    end,
  )
}

const declareUser = (user: Command, end: End): void => {
  user
    .command('add')
    .summary('Add an account')
    .description('Adds an account whose address you vouch for. Asks for its password.')
    .addOption(role())
    .option('--admin', 'May manage people and settings (ops only)')
    .requiredOption('--email <address>', 'E-mail address')
    .requiredOption('--name <name>', 'Name of the person')
    .option('--password-stdin', 'Read the password from the first line of standard input')
    .addHelpText('after', example('valise user add --role ops --admin --email ada@firm.example --name "Ada Admin"'))
    .action(async options => end(import('./commands/user.ts').then(({ addUser }) => addUser(options))))
  user
    .command('list')
    .summary('List accounts')
    .description('Lists all accounts.')
    .addOption(json())
    .action(async options => end(import('./commands/user.ts').then(({ listUsers }) => listUsers(options))))
  for (const [name, disabled] of [
    ['disable', true],
    ['enable', false],
  ] as const) {
    user
      .command(name)
      .summary(disabled ? 'Lock somebody out, at once' : 'Let somebody in again')
      .description(disabled ? 'Ends all sessions, links and downloads of an account and keeps it out.' : 'Ends that.')
      .argument('<email>')
      .addOption(role())
      .action(async (email, options) =>
        end(import('./commands/user.ts').then(({ setDisabled }) => setDisabled(email, options, disabled))),
      )
  }
  user
    .command('reset-password')
    .summary('Let somebody choose a new password')
    .description('Mails a link to choose a new password. With --password-stdin it sets one at once instead.')
    .argument('<email>')
    .addOption(role())
    .option('--password-stdin', 'Set the password on the first line of standard input')
    .action(async (email, options) =>
      end(import('./commands/user.ts').then(({ resetPassword }) => resetPassword(email, options))),
    )
}

const declareKeys = (keys: Command, end: End): void => {
  keys
    .command('list')
    .summary('List keys and what still needs them')
    .description('Lists keys and what still needs them. Secrets are not shown.')
    .addOption(json())
    .action(async options => end(import('./commands/keys.ts').then(({ listKeys }) => listKeys(options))))
  keys
    .command('rotate')
    .summary('Seal with a new key from now on')
    .description(
      'Adds a key and wraps the keys of all files under it; the files themselves stay as they are.\nStop the server and workers first. If it is cut short, run it again: it finishes what it began.',
    )
    .action(async () => end(import('./commands/keys.ts').then(({ rotate }) => rotate())))
  keys
    .command('destroy')
    .summary('Destroy a key that nothing needs any more')
    .description('Takes the secret of a retired key out of the keyring, for good. Refuses while anything needs it.')
    .argument('<id>', 'As valise keys list shows it')
    .action(async id => end(import('./commands/keys.ts').then(({ destroy }) => destroy(id))))
}
