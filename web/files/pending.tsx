import { useQueryClient } from '@tanstack/react-query'
import { useMe } from '../accounts/use-me.ts'
import { api, type SentFile } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { AskButton } from '../ui/ask-button.tsx'
import { Notice } from '../ui/notice.tsx'

/** A file that nobody can download yet, or no more: why, and for administrators the decision. */
export const Pending = ({ file }: { file: SentFile }) => {
  const { user } = useMe('ops')
  const queries = useQueryClient()
  const words = deskText.filePage.pending
  const known = file.findings.some(({ code }) => code === 'malware')
  return (
    <>
      <Notice kind={known ? 'bad' : 'warn'} title={known ? words.withdrawn : words.waits}>
        {known ? words.withdrawnDetail : words.waitsDetail}
      </Notice>
      {user?.admin && (
        <AskButton
          label={words.release}
          title={words.releaseTitle(file.name)}
          action={words.releaseAction}
          act={() => api.ops.releaseFile(file.id)}
          onDone={() => queries.invalidateQueries({ queryKey: ['ops', 'files'] })}
        >
          {known ? words.releaseKnown : words.releaseUnknown}
        </AskButton>
      )}
    </>
  )
}
