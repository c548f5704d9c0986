import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, isProblem, type Reminded } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { Meta } from '../ui/list.tsx'
import { Problem } from '../ui/problem.tsx'

/** `2 reminded; 1 had a reminder within the last day`. */
export const describeReminded = ({ reminded, recently }: Reminded): string => {
  const words = deskText.reminders
  const parts = [reminded > 0 && words.reminded(reminded), recently > 0 && words.recently(recently)].filter(Boolean)
  return parts.length === 0 ? words.nobody : parts.join('; ')
}

type Props = {
  file: string
  /** Their ids, or everybody who has not fetched it. */
  clients: 'all' | string[]
  /** What the button says, and to a screen reader whom or what it is about. */
  label: string
  about?: string
}

/** Reminds in one press, and says beside the button what came of it. */
export const Remind = ({ file, clients, label, about }: Props) => {
  const queries = useQueryClient()
  const remind = useMutation({
    mutationFn: () => api.ops.remind(file, clients),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['ops', 'deliveries', file] })
      void queries.invalidateQueries({ queryKey: ['ops', 'audit'] })
    },
    // It was deleted, has expired or waits: whoever shows it has to look again.
    onError: error => isProblem(error) && queries.invalidateQueries({ queryKey: ['ops'] }),
  })
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        loading={remind.isPending}
        onClick={() => remind.mutate()}
        aria-label={about}
      >
        {label}
      </Button>
      {remind.isSuccess && (
        <div role="status">
          <Meta>{describeReminded(remind.data)}</Meta>
        </div>
      )}
      <Problem error={remind.error} />
    </>
  )
}
