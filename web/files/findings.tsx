import type { Finding } from '../api.ts'
import { text } from '../messages/text.ts'
import { Meta } from '../ui/list.tsx'
import { Notice } from '../ui/notice.tsx'

const kinds = { block: 'bad', warn: 'warn', info: 'info' } as const

/** What the inspection found, in its own sentences; places in the document stand small below. */
export const Findings = ({ findings }: { findings: Finding[] }) =>
  bySentence(findings).map(({ sentence, kind, places }) => (
    <Notice key={sentence} kind={kind}>
      {sentence}
      <Places places={places} />
    </Notice>
  ))

type Refused = { title: string; findings: Finding[]; detail?: string | undefined }

/** A document that was refused, with the reasons in one box. `detail` stands where no finding tells more. */
export const RefusedFor = ({ title, findings, detail }: Refused) => (
  <Notice kind="bad" title={title}>
    {findings.length === 0
      ? detail
      : bySentence(findings).map(({ sentence, places }) => (
          <div key={sentence}>
            {sentence}
            <Places places={places} />
          </div>
        ))}
  </Notice>
)

const bySentence = (findings: Finding[]) => {
  const sentences = [...new Set(findings.map(text.files.finding))]
  return sentences.map(sentence => {
    const same = findings.filter(finding => text.files.finding(finding) === sentence)
    const places = [...new Set(same.map(({ where }) => where).filter(Boolean))]
    return { sentence, places, kind: kinds[same[0]?.severity ?? 'info'] }
  })
}

const Places = ({ places }: { places: string[] }) => places.length > 0 && <Meta>{text.files.where(places)}</Meta>
