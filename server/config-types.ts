import { BlockList, isIP } from 'node:net'

/** How one setting's text becomes its value. Throws an Error whose message says what is accepted. */
export type Parse<T> = (text: string) => T

const units: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 }
const sizes: Record<string, number> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 }

/** `10m`, `12h`, `30d` → seconds. */
export const duration: Parse<number> = text => {
  const [, digits = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  const seconds = Number(digits) * (units[unit] ?? 0)
  if (seconds <= 0) throw new Error('a whole number and s, m, h or d, for example 10m')
  return seconds
}

/** `4GiB`, `500MiB` → bytes. */
export const bytes: Parse<number> = text => {
  const [, digits = '', unit = ''] = /^(\d{1,6})(B|KiB|MiB|GiB|TiB)$/.exec(text) ?? []
  const value = Number(digits) * (sizes[unit] ?? 0)
  if (value <= 0 || !Number.isSafeInteger(value))
    throw new Error('a whole number and B, KiB, MiB, GiB or TiB, for example 4GiB')
  return value
}

export const port: Parse<number> = text => {
  const value = Number(text)
  if (!/^\d{1,5}$/.test(text) || value > 65_535) throw new Error('a port from 0 (any free one) to 65535')
  return value
}

export const oneOf =
  <const T extends string>(...choices: T[]): Parse<T> =>
  text => {
    const found = choices.find(choice => choice === text)
    if (found === undefined) throw new Error(`one of ${choices.join(', ')}`)
    return found
  }

export const path: Parse<string> = text => {
  if (text === '' || text.includes('\0')) throw new Error('a path')
  return text
}

export const host: Parse<string> = text => {
  if (isIP(text) || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text)) return text
  throw new Error('an IP address or a host name')
}

/** An origin without path, query or credentials; lower-cased and punycoded by the URL standard. */
export const origin: Parse<URL> = text => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const plain = url && ['http:', 'https:'].includes(url.protocol) && url.pathname === '/' && !url.search && !url.hash
  if (!url || !plain || url.username || url.password)
    throw new Error('an address like https://valise.example, without a path')
  return url
}

export const addresses: Parse<string[]> = text => {
  if (text === '' || text === 'none') return []
  return text.split(',').map(part => {
    const [address = '', bits, ...others] = part.trim().split('/')
    const most = isIP(address) === 4 ? 32 : 128
    // A network of everybody would let every peer say who it is.
    const network = bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= most)
    if (isIP(address) === 0 || !network || others.length > 0) {
      throw new Error('IP addresses or networks like 10.0.0.0/8, separated by commas, or none')
    }
    return part.trim()
  })
}

export type Signup = { mode: 'open' } | { mode: 'invite' } | { mode: 'domains'; domains: string[] }

export const signup: Parse<Signup> = text => {
  if (text === 'open' || text === 'invite') return { mode: text }
  const domains = text.startsWith('domains:') ? text.slice('domains:'.length).split(',') : []
  const valid = domains.every(domain => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(domain))
  if (domains.length === 0 || !valid) throw new Error('open, invite, or domains:a.example,b.example')
  return { mode: 'domains', domains: domains.map(domain => domain.toLowerCase()) }
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Is this host name or IP this machine's own, by its text alone? */
export const isLoopback = (name: string): boolean => {
  const bare = name.replace(/^\[|\]$/g, '')
  const family = isIP(bare)
  if (family === 0) return bare === 'localhost'
  return loopback.check(bare, family === 4 ? 'ipv4' : 'ipv6')
}
