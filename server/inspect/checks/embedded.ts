import { isOle } from '../cfb.ts'
import { isExecutable } from '../executable.ts'
import type { Part } from '../opc/package.ts'
import type { ByteVisitor, Check } from './check.ts'
import { judgeOleObject } from './ole-object.ts'

const isZip = (head: Uint8Array): boolean => Buffer.from(head.subarray(0, 4)).toString('latin1') === 'PK\x03\x04'

/** All of a part in memory, so only up to a limit; `whole` is called at its end. */
const collect = (size: number, whole: (bytes: Buffer) => void | Promise<void>): ByteVisitor => {
  const bytes = Buffer.allocUnsafeSlow(size)
  let at = 0
  return {
    write: chunk => {
      bytes.set(chunk, at)
      at += chunk.length
    },
    end: () => whole(bytes),
  }
}

/** What a part is, by its first bytes and whatever it is called: an OLE object, another document, or a program. */
export const embedded: Check = (document, report) => {
  const judgeStart = (part: Part, head: Uint8Array): ByteVisitor | undefined => {
    const ole = isOle(head)
    if (ole || isZip(head)) {
      if (part.size > document.inner.maxBytes) report('zip_bomb', part.path)
      else if (ole) return collect(part.size, bytes => report(judgeOleObject(bytes), part.path))
      else return collect(part.size, bytes => document.inner.examine(bytes, part.path))
    } else if (isExecutable(head, { suspicious: false }))
      report(part.reachable ? 'embedded_executable' : 'hidden_part/executable', part.path)
    return undefined
  }
  return {
    bytes: part => {
      let started = false
      let visitor: ByteVisitor | undefined
      return {
        write: chunk => {
          if (!started) visitor = judgeStart(part, chunk)
          started = true
          visitor?.write(chunk)
        },
        end: () => visitor?.end(),
      }
    },
  }
}
