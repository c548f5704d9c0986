import { describeConfig, environment, readConfig } from '../../server/config.ts'
import type { Exit } from '../exit.ts'
import { clean, say, sayJson, table } from '../terminal.ts'

/** `valise config`: every setting, in force or not; then all mistakes, if there are any. */
export const showConfig = async ({ json = false }: { json?: boolean }): Promise<Exit> => {
  const env = environment()
  const rows = describeConfig(env)
  if (json) for (const row of rows) sayJson(row)
  else {
    const lines = rows.map(({ name, value, from, help }) => [
      name,
      clean(value) || '(not set)',
      from === 'default' ? '' : `from ${from === 'environment' ? 'the environment' : from}`,
      help,
    ])
    for (const line of table(lines)) say(line)
  }
  readConfig(env)
  return 'done'
}
