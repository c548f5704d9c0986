import type { Report } from '../finding.ts'
import type { Check } from './check.ts'
import { argumentsOf, instructionOf, quoted } from './field-text.ts'
import { isRemote, judgeTarget } from './judge-target.ts'

/** Fields that fetch what they show. */
const FETCHING = new Set(['INCLUDEPICTURE', 'INCLUDETEXT', 'INCLUDE', 'IMPORT', 'LINK', 'RD', 'DATABASE'])
/** Far beyond any field there is; so is nesting, which the reader of fields otherwise would have to remember. */
const MAX_INSTRUCTION = 65_536
const MAX_NESTING = 100

type Field = {
  instruction: string
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

/**
 * Fields of Word documents that start a program (DDE) or fetch something from elsewhere. An instruction may be spread
 * over many runs, nested, or built by QUOTE; it is judged as Word would read it. In every part, not only the main one.
 */
export const fields: Check = ({ type }, report) => {
  if (type === 'xlsx' || type === 'pptx') return undefined
  return {
    xml: ({ path }) => {
      const open: Field[] = []
      const add = (text: string): void => {
        const field = open[open.length - 1]
        if (field === undefined) return
        if (field.separated) {
          field.result += text.slice(0, MAX_INSTRUCTION - field.result.length)
          return
        }
        // Beyond the bound nothing is added or looked at again: many runs must not cost more than their length.
        if (field.instruction.length > MAX_INSTRUCTION) return
        // Spaces count once: a name cannot be pushed out of sight.
        const spaced = text.replace(/\s+/g, ' ')
        field.instruction += field.instruction.endsWith(' ') && spaced.startsWith(' ') ? spaced.slice(1) : spaced
        if (field.instruction.length > MAX_INSTRUCTION) report('external_code', path)
      }
      const finish = (): void => {
        const field = open.pop()
        if (field === undefined) return
        judge(field.instruction, path, report)
        if (field.namedByAnother) report('dde', path)
        const parent = open[open.length - 1]
        if (parent === undefined || parent.separated) return
        const text = quoted(field.instruction)
        if (text === undefined && parent.instruction.trim() === '') parent.namedByAnother = true
        add(text ?? field.result)
      }
      return {
        open: {
          fldChar: tag => {
            const kind = tag.attribute('fldCharType')
            const field = open[open.length - 1]
            if (kind === 'begin') {
              if (open.length >= MAX_NESTING) report('external_code', path)
              else open.push({ instruction: '', result: '', separated: false, namedByAnother: false })
            } else if (kind === 'separate' && field !== undefined) field.separated = true
            else if (kind === 'end') finish()
          },
          fldSimple: tag => judge(tag.attribute('instr') ?? '', path, report),
        },
        text: { instrText: add, delInstrText: add, t: add },
        close: {
          // Word takes a field that never ends for one all the same.
          body: () => {
            while (open.length > 0) finish()
          },
        },
      }
    },
  }
}
