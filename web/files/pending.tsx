import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useMe } from '../accounts/use-me.ts'
import { api, type SentFile } from '../api.ts'
import { text } from '../messages/text.ts'
import { Confirm } from '../ui/confirm.tsx'
import { Notice } from '../ui/notice.tsx'

/** A file that nobody can download yet, or no more: why, and for administrators the decision. */
export const Pending = ({ file }: { file: SentFile }) => {
  const [asking, setAsking] = useState(false)
  const { user } = useMe('ops')
  const queries = useQueryClient()
  const release = useMutation({
    mutationFn: () => api.ops.releaseFile(file.id),
    onSuccess: () => {
      setAsking(false)
      return queries.invalidateQueries({ queryKey: ['ops', 'files'] })
    },
  })
  const words = text.filePage.pending
  const known = file.findings.some(({ code }) => code === 'malware')
  return (
    <>
      <Notice kind={known ? 'bad' : 'warn'} title={known ? words.withdrawn : words.waits}>
        {known ? words.withdrawnDetail : words.waitsDetail}
      </Notice>
      {user?.admin && (
        <div>
          <Button variant="default" onClick={() => setAsking(true)}>
            {words.release}
          </Button>
        </div>
      )}
      <Confirm
        open={asking}
        title={words.releaseTitle(file.name)}
        action={words.releaseAction}
        busy={release.isPending}
        error={release.error}
        onConfirm={() => release.mutate()}
        onClose={() => setAsking(false)}
      >
        {known ? words.releaseKnown : words.releaseUnknown}
      </Confirm>
    </>
  )
}
