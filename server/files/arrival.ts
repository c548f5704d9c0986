import { Value } from 'typebox/value'
import { Audience } from '../../contract/files.ts'
import { invalid } from '../errors.ts'

const NAME_LENGTH = 255

/** One line, NFC, at most 255 characters. Which endings are allowed is for the inspection. `where`: as requests call it. */
export const checkName = (raw: string, where = 'file'): string => {
  const name = raw.normalize('NFC').trim()
  if (name === '') throw invalid(where, 'needs a file name')
  if (name.length > NAME_LENGTH) throw invalid(where, `has a name of more than ${NAME_LENGTH} characters`)
  if (/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(name)) throw invalid(where, 'has control characters in its name')
  return name
}

/** The audience that came with a file as JSON, or the one of the installation. */
export const parseAudience = (text: string | undefined, fallback: 'nobody' | 'everyone'): Audience => {
  if (text === undefined) return { everyone: fallback === 'everyone' }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw invalid('audience', 'is not JSON')
  }
  if (!Value.Check(Audience, value))
    throw invalid('audience', 'takes {"everyone":true|false,"groups":[id],"clients":[id or e-mail]}')
  return value
}
