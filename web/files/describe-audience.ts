import type { SentFile } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'

/** Who may see a file, in words: `Everyone`, `Acme, ada@acme.example and 3 more`, `Nobody`. */
export const describeAudience = ({ everyone, groups, clients }: SentFile['audience']): string => {
  if (everyone) return deskText.audience.everyoneShort
  const names = [...groups.map(({ name }) => name), ...clients.map(({ email }) => email)]
  if (names.length === 0) return deskText.audience.nobody
  const shown = names.slice(0, 2)
  const more = names.length - shown.length
  return more > 0 ? deskText.audience.andMore(shown.join(', '), more) : shown.join(', ')
}
