import type { ByteVisitor, Check } from './check.ts'
import { isRemote } from './judge-target.ts'

/** Web pages pasted as a chunk are small; what is larger is not read and not let through. */
const MAX_HTML = 2 * 1024 * 1024
/** No part of these patterns can match a long run in two ways, so that they take linear time. */
const SCRIPT =
  /<(script|iframe|frame|object|embed|applet|link|base|svg)\b|http-equiv\s*=\s*["']?refresh|\son\w+\s*=|(java|vb)script\s*:|utf-?7/i
const REFERENCE = /\b(?:src|srcset|lowsrc|dynsrc|background|data|poster|action|codebase)\s*=\s*["']?([^"'\s>]+)/gi
const STYLE = /url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)/gi

/** A whole document in one XML file, with relationships and all: the roots of Flat OPC and of Word 2003's format. */
const FLAT = new Set(['package', 'wordDocument'])

const isActiveHtml = (text: string): boolean =>
  SCRIPT.test(text) ||
  [...text.matchAll(REFERENCE)].some(([, target = '']) => isRemote(target)) ||
  [...text.matchAll(STYLE)].some(([, url, sheet]) => isRemote(url ?? sheet ?? ''))

/** Formats that Word converts with old code, and that carry objects of their own. */
const isOldFormat = (contentType: string, start: string): boolean =>
  /rtf|message\/|mht|multipart\//.test(contentType) ||
  /^[\s\xef\xbb\xbf]*(\{\\rtf|mime-version|content-type:|from:)/i.test(start)

/**
 * Chunks of another format that Word turns into text when the document is opened (altChunk). Documents among them are
 * examined as such; RTF and MHT are refused, documents as one XML file, and web pages with script or references to
 * elsewhere.
 */
export const altChunk: Check = ({ relationships }, report) => {
  const chunks = new Set(relationships.filter(({ kind }) => kind === 'aFChunk').map(({ part }) => part))
  return {
    xml: part => ({
      root: ({ local }) => {
        if (chunks.has(part) && FLAT.has(local)) report('active_content/chunk', part.path)
      },
    }),
    bytes: (part): ByteVisitor | undefined => {
      if (!chunks.has(part)) return undefined
      const pieces: string[] = []
      let length = 0
      return {
        write: chunk => {
          length += chunk.length
          if (length <= MAX_HTML) pieces.push(Buffer.from(chunk).toString('latin1'))
        },
        end: () => {
          // Without zeros, UTF-16 reads as ASCII does.
          const text = pieces.join('').replaceAll('\0', '')
          if (text.startsWith('PK\x03\x04')) return
          if (isOldFormat(part.contentType, text.slice(0, 200)) || length > MAX_HTML || isActiveHtml(text))
            report('active_content/chunk', part.path)
        },
      }
    },
  }
}
