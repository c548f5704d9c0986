import { readFileSync } from 'node:fs'

/**
 * The common passwords of at least `minLength` characters, lower case, from the list that `@zxcvbn-ts/language-common`
 * ships (49,233 entries; 20 to 35 ms and 1.3 MB for those of 8 and more, so callers load it when a first password is
 * chosen and not at start). Read as the JSON it is: the package's modules would keep all of it, with two more word
 * lists.
 */
export function loadCommonPasswords(minLength: number): ReadonlySet<string> {
  const file = new URL(import.meta.resolve('@zxcvbn-ts/language-common/src/passwords.json'))
  const list: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (!Array.isArray(list)) throw new Error('the list of common passwords is not a list')
  const entries = list.filter(entry => typeof entry === 'string')
  return new Set(entries.filter(entry => entry.length >= minLength).map(entry => entry.toLowerCase()))
}
