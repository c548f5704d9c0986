import { Refusal } from '../finding.ts'
import { decodeXml } from './decode.ts'
import { createNames } from './names.ts'
import { scanXml } from './scan.ts'
import { createTagReader } from './tag.ts'
import type { XmlVisitor } from './visitor.ts'

export type XmlOptions = { breaksMayStayOpen?: boolean }

export type XmlParser = { write(chunk: Uint8Array): void; end(): void }

/**
 * What a declaration may say. Which of the two encodings it is shows in the bytes; honest writers get that word wrong,
 * and no document can be read as both. ASCII is a part of UTF-8.
 */
const ENCODINGS = new Set(['utf-8', 'utf-16', 'utf-16le', 'utf-16be', 'us-ascii', 'ascii'])

export type XmlReader = {
  /**
   * Reads one XML part chunk by chunk and shows `visitors` what they ask for. Throws a `Refusal` at `where`:
   * `xml_unsafe` for a DTD, deep nesting or an encoding other than UTF-8 and UTF-16, `xml_malformed` for what is not
   * well-formed. One part at a time: beginning the next ends the one before.
   */
  begin(where: string, visitors: XmlVisitor[], options?: XmlOptions): XmlParser
}

/** Reads the XML parts of one document, remembering their names from part to part. */
export const createXmlReader = (): XmlReader => {
  const names = createNames()
  const tags = createTagReader(names)
  return {
    begin: (where, visitors, options = {}) => {
      names.begin(visitors)
      const scan = scanXml(tags, visitors, options)
      const decoder = decodeXml(bytes => scan.write(bytes))
      const placed = (act: () => void): void => {
        try {
          act()
          if (!ENCODINGS.has(scan.encoding() ?? 'utf-8')) throw new Refusal('xml_unsafe')
        } catch (error) {
          if (error instanceof Refusal && error.where === '') throw new Refusal(error.row, where)
          throw error
        }
      }
      return {
        write: chunk => placed(() => decoder.write(chunk)),
        end: () =>
          placed(() => {
            decoder.end()
            scan.end()
          }),
      }
    },
  }
}
