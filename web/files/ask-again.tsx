import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, isProblem, type SharedFile } from '../api.ts'
import { text } from '../messages/text.ts'
import { Problem } from '../ui/problem.tsx'
import { wasAsked } from './describe-document.ts'

/** Asks the sender for a document whose time is over; once a day. */
export const AskAgain = ({ file }: { file: SharedFile }) => {
  const queries = useQueryClient()
  const ask = useMutation({
    mutationFn: () => api.client.askAgain(file.id),
    // Also when it was refused: then it has come back, or is gone.
    onSettled: (_answer, error) =>
      error && !isProblem(error) ? undefined : queries.invalidateQueries({ queryKey: ['client', 'files'] }),
  })
  const words = text.documents.ask
  const asked = ask.isSuccess || wasAsked(file)
  return (
    <div role="status">
      {asked ? (
        <>
          <strong>{words.done(file.uploaded_by.name)}</strong> {words.doneDetail}
        </>
      ) : (
        <Button
          variant="default"
          loading={ask.isPending}
          onClick={() => ask.mutate()}
          aria-label={words.actionNamed(file.name)}
        >
          {words.action}
        </Button>
      )}
      {ask.isError && <Problem error={ask.error} />}
    </div>
  )
}
