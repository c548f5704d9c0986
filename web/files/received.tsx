import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { api, isProblem, type SharedFile } from '../api.ts'
import { text } from '../messages/text.ts'
import { formatSize, formatTime } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'
import { Problem } from '../ui/problem.tsx'
import classes from './document-sheet.module.css'
import { sharedFile } from './use-download.ts'

/** "I have received this": offered when all of it was sent, and what stands on record afterwards. */
export const Received = ({ file }: { file: SharedFile }) => {
  const queries = useQueryClient()
  const heading = useRef<HTMLHeadingElement>(null)
  const { queryKey } = sharedFile(file.id)
  const acknowledge = useMutation({
    mutationFn: () => api.client.acknowledge(file.id),
    onSuccess: answer => {
      queries.setQueryData(queryKey, answer)
      // The button goes, and the focus must be somewhere.
      heading.current?.focus()
    },
    onError: error => (isProblem(error) ? queries.invalidateQueries({ queryKey }) : undefined),
  })
  const words = text.documents.received
  const { acknowledged_at, delivered_at, bytes_sent } = file.delivery
  if (delivered_at === null)
    return bytes_sent > 0 ? (
      <p className={classes.quiet} role="status">
        {words.partly(formatSize(bytes_sent), formatSize(file.size))}
      </p>
    ) : null
  return (
    <section className={classes.part}>
      <h2 ref={heading} tabIndex={-1}>
        {words.title}
      </h2>
      {acknowledged_at === null ? (
        <div className={classes.box}>
          <p>{words.sent(formatTime(delivered_at))}</p>
          <Button variant="light" loading={acknowledge.isPending} onClick={() => acknowledge.mutate()}>
            {words.action}
          </Button>
          <p className={classes.quiet}>{words.meaning}</p>
          <Problem error={acknowledge.error} />
        </div>
      ) : (
        <Notice kind="ok" title={words.done(formatTime(acknowledged_at))}>
          {words.doneDetail}
        </Notice>
      )}
    </section>
  )
}
