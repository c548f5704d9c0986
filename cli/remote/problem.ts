import type { IncomingMessage } from 'node:http'
import type { ErrorCode, Finding } from '../../contract/errors.ts'
import { CliError, exitOf } from '../exit.ts'
import { clean } from '../terminal.ts'
import { type Fields, fieldsOf, listOf, textOf } from './fields.ts'

/** The server said no. `code` and `findings` as in its problem document. */
export class RefusedError extends CliError {
  readonly code: ErrorCode
  readonly findings: Finding[]
  constructor(code: ErrorCode, message: string, findings: Finding[]) {
    super(exitOf[code], message)
    this.name = 'RefusedError'
    this.code = code
    this.findings = findings
  }
}

/** Turns an answer that is no success into what to throw. `body` is what came, whatever it is. */
export const toRefusal = (answer: IncomingMessage, body: Buffer, origin: string): CliError => {
  const type = answer.headers['content-type'] ?? ''
  const problem = type.startsWith('application/problem+json') ? fieldsOf(parse(body)) : undefined
  const code = textOf(problem, 'code')
  if (!problem || !isCode(code)) return stranger(answer, origin)
  const said = clean(textOf(problem, 'detail') || textOf(problem, 'title'))
  const sentence = /[.!?]$/.test(said) ? said : `${said}.`
  return new RefusedError(code, [sentence, advice(code, answer)].filter(Boolean).join(' '), findingsOf(problem))
}

const isCode = (text: string): text is ErrorCode => Object.hasOwn(exitOf, text)

const advice = (code: ErrorCode, answer: IncomingMessage): string => {
  if (code === 'unauthenticated') return 'Use: valise login'
  const seconds = Number(answer.headers['retry-after'])
  if (!(seconds > 0)) return ''
  return `Try again in ${seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} minutes`}.`
}

const stranger = (answer: IncomingMessage, origin: string): CliError => {
  const { statusCode = 0, headers } = answer
  const elsewhere = statusCode >= 300 && statusCode < 400 && headers.location
  return new CliError(
    'unreachable',
    elsewhere
      ? `${origin} answers from another address, ${clean(elsewhere)}. Sign in there: valise login --server …`
      : `${origin} answered with HTTP ${statusCode}, but not as Valise does. Is the address right?`,
  )
}

const findingsOf = (problem: Fields): Finding[] => listOf(problem, 'findings').map(toFinding)

/** One finding from the wire; a severity of a newer server counts as a warning. */
export const toFinding = (fields: Fields): Finding => {
  const severity = textOf(fields, 'severity')
  return {
    code: textOf(fields, 'code'),
    severity: severity === 'block' || severity === 'info' ? severity : 'warn',
    where: textOf(fields, 'where'),
    message: textOf(fields, 'message'),
  }
}

const parse = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}
