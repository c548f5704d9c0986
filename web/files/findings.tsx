import type { Finding } from '../api.ts'
import { text } from '../messages/text.ts'
import { Meta } from '../ui/list.tsx'
import { Notice } from '../ui/notice.tsx'

const kinds = { block: 'bad', warn: 'warn', info: 'info' } as const

/** What the inspection found, in its own sentences; places in the document stand small below. */
export const Findings = ({ findings }: { findings: Finding[] }) => {
  const sentences = [...new Set(findings.map(text.files.finding))]
  return sentences.map(sentence => {
    const same = findings.filter(finding => text.files.finding(finding) === sentence)
    const places = [...new Set(same.map(({ where }) => where).filter(Boolean))]
    return (
      <Notice key={sentence} kind={kinds[same[0]?.severity ?? 'info']}>
        {sentence}
        {places.length > 0 && <Meta>{text.files.where(places)}</Meta>}
      </Notice>
    )
  })
}
