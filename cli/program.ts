import { Command, Option } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import { declareAdmin } from './declare-admin.ts'
import { declareRemote } from './declare-remote.ts'
import { type Exit, exits } from './exit.ts'

/** Takes how a command ended. Every command's own code is loaded when it runs, so that help and short commands are quick. */
export type End = (result: Promise<Exit>) => Promise<void>

/** The whole command line. Throws CommanderError instead of ending the process. */
export const createProgram = (end: End): Command => {
  const program = new Command('valise')
    .description('Deliver documents to people outside, encrypted and checked, and keep the proof.')
    .version(packageJson.version, '-V, --version', 'Print the version')
    .helpOption('-h, --help', 'Explain a command')
    .exitOverride()
    .showHelpAfterError('(add --help to see how)')
    .configureHelp({ sortOptions: true, showGlobalOptions: false })
    .addOption(new Option('--debug', 'On an unexpected error, say where it happened'))
  declareRemote(program, end)
  declareAdmin(program, end)
  // Last: commands declared later would take it over, with its heading.
  program.commandsGroup('For people:').helpCommand('help [command]', 'Explain a command')
  const codes = Object.values(exits).map(({ code, meaning }) => `  ${code}  ${meaning}`)
  program.addHelpText(
    'after',
    `
Examples:
  valise login --server https://valise.example --role ops
  valise send report.docx figures.xlsx --to clara@client.example
  valise get report.docx
  valise serve

Exit codes:
${codes.join('\n')}
`,
  )
  return program
}
