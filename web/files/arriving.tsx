import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMe } from '../accounts/use-me.ts'
import { isProblem } from '../api.ts'
import { text } from '../messages/text.ts'
import { Notice } from '../ui/notice.tsx'
import { Problem } from '../ui/problem.tsx'
import { followIfAlive } from './use-download.ts'

/** The download somebody came for before they had to sign in: it starts by itself, or the page says why not. */
export const Arriving = ({ path }: { path: string }) => {
  const { user } = useMe('client', { stay: true })
  const download = useQuery({
    queryKey: ['arriving', path],
    queryFn: async () => {
      await followIfAlive(path)
      return true
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
  const words = text.arriving
  if (download.isSuccess) return <Notice kind="ok" title={words.started} />
  if (isProblem(download.error, 'not_found'))
    return (
      <Notice kind="warn" title={words.dead}>
        {words.deadDetail(user?.email ?? '')}
      </Notice>
    )
  if (!download.isError) return null
  return (
    <div>
      <Problem error={download.error} />
      <Button mt="md" variant="default" loading={download.isFetching} onClick={() => download.refetch()}>
        {text.actions.retry}
      </Button>
    </div>
  )
}
