import { percentDecoded } from './zip/entry-name.ts'

/**
 * Where a target leads. `web`: http and https. `unc`: a host reached by file sharing, which sends the reader's password
 * hash there unasked. `local`: a path of the reader's own machine. `relative`: beside the document, or inside it
 * (`#bookmark`). `scheme`: anything else with a scheme, which is named.
 */
export type Target = { leads: 'web' | 'unc' | 'local' | 'relative' | 'mail' } | { leads: 'scheme'; scheme: string }

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', colon: ':', sol: '/', bsol: '\\', tab: '', newline: '' }

const decodeEntities = (text: string): string =>
  text.replace(
    /&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      const code = hex !== undefined ? Number.parseInt(hex, 16) : Number.parseInt(decimal ?? '', 10)
      if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole
    },
  )

/** Decodes what is hidden under up to three layers of percent and entity encoding; programs differ in how many they undo. */
const decoded = (text: string): string => {
  let plain = text
  for (let layer = 0; layer < 3; layer++) {
    const next = decodeEntities(percentDecodedLoosely(plain))
    if (next === plain) break
    plain = next
  }
  // URL parsers drop tabs and line ends anywhere and other control characters and spaces at the ends.
  return plain
    .replace(/[\t\r\n]/g, '')
    .replace(/^[\p{Cc}\s]+/u, '')
    .trimEnd()
}

/** A string that does not decode as a whole still has its ASCII characters decoded. */
const percentDecodedLoosely = (text: string): string => {
  const whole = percentDecoded(text)
  return whole !== text
    ? whole
    : text.replace(/%([2-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** Most targets are, and no decoding makes them anything else. */
const PLAIN_WEB = /^https?:\/\//i
const MAX_LENGTH = 8192

const DRIVE = /^[a-z][:|](\/|$)/i

/** What comes behind the slashes that may announce a host. */
const isHost = (rest: string): boolean => {
  const [host = ''] = rest.split('/', 1)
  return host !== '' && host.toLowerCase() !== 'localhost' && !DRIVE.test(`${host}/`)
}

/** How many slashes a path starts with, and whether a host follows them. */
const hostBehind = (path: string): { slashes: number; host: boolean } => {
  const [slashes = ''] = /^\/*/.exec(path) ?? []
  return { slashes: slashes.length, host: isHost(path.slice(slashes.length)) }
}

/** A path by itself: `//host/…`. */
const isUncPath = (path: string): boolean => {
  const { slashes, host } = hostBehind(path)
  return slashes >= 2 && host
}

/** Behind `file:`: `//host/…` or `////host/…`; three slashes are an empty host and a local path. */
const isUncUri = (path: string): boolean => {
  const { slashes, host } = hostBehind(path)
  return (slashes === 2 || slashes >= 4) && host
}

/** Classifies a relationship target, a field's argument or an attribute; the same for all rows of the policy. */
export const targetOf = (text: string): Target => {
  if (PLAIN_WEB.test(text)) return { leads: 'web' }
  // Nobody types one; what it leads to may be anything.
  if (text.length > MAX_LENGTH) return { leads: 'scheme', scheme: 'data' }
  const plain = decoded(text).replaceAll('\\', '/')
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(plain) ?? []
  if (scheme.length === 1) return { leads: 'local' }
  switch (scheme.toLowerCase()) {
    case '':
      return { leads: isUncPath(plain) ? 'unc' : DRIVE.test(plain.replace(/^\/+/, '')) ? 'local' : 'relative' }
    case 'http':
    case 'https':
      return { leads: 'web' }
    case 'mailto':
      return { leads: 'mail' }
    case 'file':
      return { leads: isUncUri(rest) ? 'unc' : 'local' }
    default:
      return { leads: 'scheme', scheme: scheme.toLowerCase() }
  }
}
