import { ProblemError } from '../api.ts'
import { text } from '../messages/text.ts'
import { Notice } from './notice.tsx'

/** What happened and who can mend it, in a title and a sentence. */
export const explain = (error: unknown): { title: string; detail?: string } => {
  if (!(error instanceof ProblemError)) return text.problems.unexpected
  if (error.code === 'offline') return text.problems.offline
  const own = text.problems.byCode[error.code]
  const [said] = ofFields(error)
  const detail = said ?? (error.problem.detail && text.problems.say(error.problem.detail))
  return { title: own?.title ?? error.problem.title ?? error.code, detail: detail || own?.detail }
}

/** What a refused request says of its fields, a sentence for each. */
const ofFields = (error: ProblemError): string[] =>
  error.code === 'invalid_request'
    ? (error.problem.errors ?? []).map(({ where, message }) => text.problems.ofField(where, message))
    : []

/** `titles`: what a refusal is called on this very page, by its code. */
export const Problem = ({ error, titles }: { error: unknown; titles?: Record<string, string> }) => {
  if (!error) return null
  const { title, detail } = explain(error)
  const own = error instanceof ProblemError ? titles?.[error.code] : undefined
  const fields = error instanceof ProblemError ? ofFields(error) : []
  return (
    <Notice kind="bad" title={own ?? title}>
      {fields.length > 1 ? fields.map(sentence => <div key={sentence}>{sentence}</div>) : detail}
    </Notice>
  )
}
