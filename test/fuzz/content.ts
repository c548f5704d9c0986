import type { Read } from './readers.ts'

/** Of OOXML only so much as the oracle needs, by regular expressions: another reading than the inspection's own. */
const MAIN: Readonly<Record<string, string>> = {
  docx: 'wordprocessingml.document.main+xml',
  xlsx: 'spreadsheetml.sheet.main+xml',
  pptx: 'presentationml.presentation.main+xml',
}

const decodeText = (data: Buffer): string => {
  const [first, second] = data
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return data.toString('utf16le')
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c))
    return Buffer.from(data.subarray(0, data.length & ~1))
      .swap16()
      .toString('utf16le')
  return data.toString('utf8')
}

const unescaped = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }[name] ?? whole
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })

const withoutInert = (text: string): string => text.replace(/<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>/gs, '')

type Attributes = Readonly<Record<string, string>>

/** The attributes without a prefix of all elements of these names without a prefix: how LibreOffice reads OPC's parts. */
const elements = (text: string, name: string): Attributes[] =>
  [...withoutInert(text).matchAll(new RegExp(`<${name}(?=[\\s/>])((?:[^>"']|"[^"]*"|'[^']*')*)>`, 'g'))].map(
    ([, inside = '']) =>
      Object.fromEntries(
        [...inside.matchAll(/(?<=\s)([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(([, key = '', double, single]) => [
          key,
          unescaped(double ?? single ?? ''),
        ]),
      ),
  )

const resolve = (from: string, target: string): string => {
  const base = target.startsWith('/') ? [] : from.split('/').slice(0, -1)
  const [path = ''] = target.trim().replaceAll('\\', '/').split(/[?#]/)
  for (const step of path
    .replace(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .split('/')) {
    if (step === '..') base.pop()
    else if (step !== '.' && step !== '') base.push(step)
  }
  return base.join('/').toLowerCase()
}

const REMOTE = /^(https?:|file:\/\/[a-z]|\\\\|\/\/)/i
const ACTIVE = /\/(attachedTemplate|oleObject|frame|subDocument|aFChunk)$/

/** What an accepted document of this type must not be, as far as a reader this simple can tell: undefined if nothing. */
export const faultOf = (entries: Read, type: string): string | undefined => {
  const parts = new Map(entries.map(({ name, data }) => [name.replaceAll('\\', '/').toLowerCase(), data]))
  const types = decodeText(parts.get('[content_types].xml') ?? Buffer.alloc(0))
  const overrides = new Map(
    elements(types, 'Override').map(({ PartName = '', ContentType = '' }) => [
      PartName.slice(1).toLowerCase(),
      ContentType,
    ]),
  )
  const defaults = new Map(
    elements(types, 'Default').map(({ Extension = '', ContentType = '' }) => [Extension.toLowerCase(), ContentType]),
  )
  const typeOf = (name: string): string =>
    overrides.get(name) ?? defaults.get(name.slice(name.lastIndexOf('.') + 1)) ?? ''

  for (const [name, data] of parts) {
    if (/macroEnabled|vbaProject|vbaData|macrosheet|activeX/i.test(typeOf(name))) return `active type of ${name}`
    if (/(^|\/)vbaproject\.bin$/.test(name)) return `a VBA project ${name}`
    if (/\.(xml|rels)$/.test(name) && /<!DOCTYPE/.test(withoutInert(decodeText(data)))) return `a DTD in ${name}`
    if (
      data.subarray(0, 8).equals(Buffer.from('d0cf11e0a1b11ae1', 'hex')) &&
      data.includes(Buffer.from('_VBA_PROJECT', 'utf16le'))
    )
      return `a VBA project in ${name}`
    const [, folder, base] = /^(.*?)_rels\/([^/]*)\.rels$/.exec(name) ?? []
    if (folder === undefined || base === undefined) continue
    for (const { Type = '', Target = '', TargetMode } of elements(decodeText(data), 'Relationship')) {
      if (TargetMode !== 'External' && Type.endsWith('/vbaProject') && parts.has(resolve(folder + base, Target)))
        return `macros by ${name}`
      if (TargetMode === 'External' && ACTIVE.test(Type) && REMOTE.test(Target)) return `external code by ${name}`
    }
  }
  const mains = elements(decodeText(parts.get('_rels/.rels') ?? Buffer.alloc(0)), 'Relationship').filter(
    ({ Type = '' }) => Type.endsWith('/officeDocument'),
  )
  const [main, ...more] = mains.map(({ Target = '' }) => resolve('', Target))
  // A prefix hides them from a reader by plain names, which then opens nothing.
  if (main === undefined) return undefined
  if (more.length > 0 || !parts.has(main)) return `${mains.length} main parts`
  if (
    overrides.size > 0 &&
    !typeOf(main)
      .toLowerCase()
      .includes(MAIN[type] ?? '?')
  )
    return `main part of type ${typeOf(main)}`
  return undefined
}
