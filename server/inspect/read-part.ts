import type { Watch } from './checks/check.ts'
import { Refusal, type Report } from './finding.ts'
import type { Part } from './opc/package.ts'
import { MAX_XML, type XmlParser, type XmlReader } from './xml/parse.ts'
import type { Archive } from './zip/archive.ts'

const isVml = ({ contentType, path }: Part): boolean => contentType.endsWith('.vmldrawing') || /\.vml$/i.test(path)

const isXmlByName = (part: Part): boolean =>
  /[+/]xml$/.test(part.contentType) || /\.(xml|rels)$/i.test(part.path) || isVml(part)

/**
 * A part that begins as XML does is shown to the checks as XML whatever it is called: a program that follows
 * relationships may read it as such. It may be something else, though, so its faults are not reported.
 */
const looksLikeXml = (head: Uint8Array): boolean =>
  /^(\xef\xbb\xbf)?[ \t\r\n]*(<[?!_:a-z\x80-\xff]|$)|^(\xff\xfe)?[ \t\r\n<]\0|^(\xfe\xff)?\0[ \t\r\n<]/i.test(
    Buffer.from(head.subarray(0, 4096)).toString('latin1'),
  )

const startParser = (xml: XmlReader, part: Part, watches: Watch[]): XmlParser => {
  if (part.size > MAX_XML) throw new Refusal('zip_bomb', part.path)
  return xml.begin(
    part.path,
    watches.flatMap(watch => watch.xml?.(part) ?? []),
    { breaksMayStayOpen: isVml(part) },
  )
}

/**
 * Reads one part to its end, so that its size and CRC are judged, and shows it to whoever watches. Broken or unsafe XML
 * is reported and the rest of the part passed over; a broken archive ends the inspection.
 */
export const readPart = async (
  { archive, xml, watches, report }: { archive: Archive; xml: XmlReader; watches: Watch[]; report: Report },
  part: Part,
): Promise<void> => {
  const isXml = isXmlByName(part)
  const visitors = watches.flatMap(watch => watch.bytes?.(part) ?? [])
  let parser = isXml ? startParser(xml, part, watches) : undefined
  let atStart = true
  const guarded = (act: () => void): void => {
    try {
      act()
    } catch (error) {
      if (!(error instanceof Refusal) || !error.row.startsWith('xml_')) throw error
      if (isXml) report(error.row, error.where)
      parser = undefined
    }
  }
  await archive.read(part.entry, chunk => {
    if (atStart && parser === undefined && looksLikeXml(chunk)) parser = startParser(xml, part, watches)
    atStart = false
    guarded(() => parser?.write(chunk))
    for (const visitor of visitors) visitor.write(chunk)
  })
  guarded(() => parser?.end())
  for (const visitor of visitors) await visitor.end()
}
