import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, isProblem } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { formatPercent } from '../ui/format.ts'
import { Problem } from '../ui/problem.tsx'
import classes from './upload-row.module.css'

const key = ['ops', 'uploads']

/** What was begun and not finished, here or in another browser: to go on with, or to remove. `running`: ids on their way. */
export const UnfinishedUploads = ({ running }: { running: readonly string[] }) => {
  const queries = useQueryClient()
  const { data } = useQuery({ queryKey: key, queryFn: () => api.ops.uploads(), staleTime: 0 })
  const remove = useMutation({
    mutationFn: async (id: string) => {
      try {
        await api.ops.endUpload(id)
      } catch (error) {
        if (!isProblem(error, 'not_found') && !isProblem(error, 'gone')) throw error
      }
    },
    onSettled: () => queries.invalidateQueries({ queryKey: key }),
  })
  const left = (data?.items ?? []).filter(({ id }) => !running.includes(id))
  const words = deskText.send.unfinished
  if (left.length === 0) return null
  return (
    <ul className={classes.list} aria-label={words.list}>
      {left.map(({ id, name, size, offset }) => (
        <li key={id} className={classes.row}>
          <div className={classes.head}>
            <div className={classes.name}>{name}</div>
            <Button
              size="compact-xs"
              variant="default"
              loading={remove.isPending && remove.variables === id}
              onClick={() => remove.mutate(id)}
              aria-label={words.removeNamed(name)}
            >
              {words.remove}
            </Button>
          </div>
          <p className={classes.meta}>{words.detail(formatPercent(size === 0 ? 0 : offset / size))}</p>
        </li>
      ))}
      <Problem error={remove.error} />
    </ul>
  )
}
