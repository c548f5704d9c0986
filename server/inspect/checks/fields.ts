import type { Report } from '../finding.ts'
import type { XmlName, XmlTag } from '../xml/visitor.ts'
import type { Check } from './check.ts'
import { createInstruction, type Instruction, type Source } from './field-instruction.ts'
import { argumentsOf, instructionOf, quoted } from './field-text.ts'
import { isRemote, judgeTarget } from './judge-target.ts'

/** Fields that fetch what they show. */
const FETCHING = new Set(['INCLUDEPICTURE', 'INCLUDETEXT', 'INCLUDE', 'IMPORT', 'LINK', 'RD', 'DATABASE'])
/** Far beyond any field there is; so is nesting, which the reader of fields otherwise would have to remember. */
const MAX_INSTRUCTION = 65_536
const MAX_NESTING = 100

/** Word's own, in both families, and formulas, in which fields may stand. */
const WORD: ReadonlySet<string> = new Set([
  'http://schemas.openxmlformats.org/wordprocessingml/2006/main',
  'http://purl.oclc.org/ooxml/wordprocessingml/main',
  'http://schemas.openxmlformats.org/officeDocument/2006/math',
  'http://purl.oclc.org/ooxml/officeDocument/math',
])
const isWord = ({ uri }: XmlName): boolean => WORD.has(uri)

type Field = {
  instruction: Instruction
  result: string
  separated: boolean
  /** Another field's result stands where its own name should: only Word would know what it is. */
  namedByAnother: boolean
}

const judge = (instruction: string, path: string, report: Report): void => {
  const { name, rest } = instructionOf(instruction)
  if (name === 'DDE' || name === 'DDEAUTO') report('dde', path)
  else if (FETCHING.has(name)) {
    const words = argumentsOf(rest)
    if (words.some(isRemote)) report('external_code', path)
    else report('external_code/local', path)
  } else if (name === 'HYPERLINK') {
    const [target] = argumentsOf(rest)
    if (target !== undefined) judgeTarget('hyperlink', target, path, report)
  }
}

/** Whether part of a field stands in alternatives or foreign elements, so that some programs see it and others do not. */
const isOptional = (tag: XmlTag): boolean => {
  const around = tag.within()
  for (let at = around.length - 1; at >= 0; at--) {
    const element = around[at]
    if (element === undefined || !isWord(element)) return true
    if (element.local === 'txbxContent') return false
  }
  return false
}

/**
 * Fields of Word documents that start a program (DDE) or fetch something from elsewhere. An instruction may be spread
 * over many runs, nested, or built by QUOTE; it is judged as Word would read it. In every part, not only the main one.
 */
export const fields: Check = ({ type }, report) => {
  if (type === 'xlsx' || type === 'pptx') return undefined
  return {
    xml: ({ path }) => {
      let open: Field[] = []
      /** Text boxes are stories of their own: what was open around each. */
      const around: Field[][] = []
      const add = (source: Source, text: string | readonly string[]): void => {
        const field = open[open.length - 1]
        if (field === undefined) return
        if (field.separated) {
          const [found = ''] = typeof text === 'string' ? [text] : text
          field.result += found.slice(0, MAX_INSTRUCTION - field.result.length)
          return
        }
        // Beyond the bound nothing is added or looked at again: many runs must not cost more than their length.
        if (field.instruction.length() > MAX_INSTRUCTION) return
        field.instruction.add(source, text)
        if (field.instruction.length() > MAX_INSTRUCTION) report('external_code', path)
      }
      const finish = (): void => {
        const field = open.pop()
        if (field === undefined) return
        const instructions = field.instruction.texts()
        for (const instruction of new Set(instructions)) judge(instruction, path, report)
        if (field.namedByAnother) report('dde', path)
        const parent = open[open.length - 1]
        if (parent === undefined || parent.separated) return
        const texts = instructions.map(quoted)
        if (texts.includes(undefined) && parent.instruction.isBlank()) parent.namedByAnother = true
        add(
          'field',
          texts.map(text => text ?? field.result),
        )
      }
      // Word takes a field that never ends for one all the same.
      const finishAll = (): void => {
        while (open.length > 0) finish()
      }
      const text =
        (source: Source) =>
        (found: string, element: XmlName): void => {
          if (isWord(element)) add(source, found)
        }
      const piece = (tag: XmlTag): void => {
        if (isOptional(tag)) report('xml_unsafe', path)
      }
      return {
        open: {
          fldChar: tag => {
            piece(tag)
            const kind = tag.attribute('fldCharType')
            const field = open[open.length - 1]
            if (kind === 'begin') {
              if (open.length >= MAX_NESTING) report('external_code', path)
              else open.push({ instruction: createInstruction(), result: '', separated: false, namedByAnother: false })
            } else if (kind === 'separate' && field !== undefined) field.separated = true
            else if (kind === 'end') finish()
          },
          fldSimple: tag => {
            piece(tag)
            judge(tag.attribute('instr') ?? '', path, report)
          },
          instrText: piece,
          delInstrText: piece,
          txbxContent: tag => {
            if (!isWord(tag)) return
            around.push(open)
            open = []
          },
        },
        text: { instrText: text('instrText'), delInstrText: text('delInstrText'), t: text('t') },
        close: {
          txbxContent: element => {
            if (!isWord(element)) return
            finishAll()
            open = around.pop() ?? []
          },
        },
        end: finishAll,
      }
    },
  }
}
