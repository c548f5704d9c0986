import { nameKey, percentDecoded } from '../zip/entry-name.ts'

/** The folder of a part's path, with its slash: `word/document.xml` → `word/`. */
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1)

/** Whether a target names something outside the package whatever its mode says: a scheme, or a host. */
export const isAbsoluteUri = (target: string): boolean =>
  /^[a-z][a-z0-9+.-]*:/i.test(target.trim()) || /^[/\\]{2}/.test(target.trim())

/**
 * The key of the part that an internal relationship target means, seen from the part at `from` (`''` for the package):
 * resolved as a relative reference (RFC 3986, 5.2), `\` read as `/`, query and fragment cut off. Undefined if it is
 * no reference into the package.
 */
export const resolveTarget = (from: string, target: string): string | undefined => {
  if (isAbsoluteUri(target)) return undefined
  const [reference = ''] = target.trim().replaceAll('\\', '/').split(/[?#]/, 1)
  if (reference === '') return undefined
  const whole = reference.startsWith('/') ? reference : folderOf(from) + reference
  const segments: string[] = []
  // Decoded first: `%2e%2e` and `%2F` are steps, too, for whoever resolves after decoding.
  for (const segment of percentDecoded(whole).replaceAll('\\', '/').split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '.' && segment !== '') segments.push(segment)
  }
  return nameKey(segments.join('/'))
}

/** `word/_rels/document.xml.rels` → `word/document.xml`; `_rels/.rels` → `''`; undefined for other parts. */
export const sourceOfRelationships = (path: string): string | undefined => {
  const [whole, folder = '', base = ''] = /^(.*\/)?_rels\/([^/]*)\.rels$/i.exec(path) ?? []
  return whole === undefined ? undefined : folder + base
}
