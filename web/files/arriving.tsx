import { useQuery } from '@tanstack/react-query'
import { text } from '../messages/text.ts'
import { Notice } from '../ui/notice.tsx'
import { followIfAlive } from './use-download.ts'

/** The download somebody came for before they had to sign in: it starts by itself, or the page says why not. */
export const Arriving = ({ path }: { path: string }) => {
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
  })
  if (download.isPending) return null
  return download.isError ? (
    <Notice kind="warn" title={text.arriving.dead}>
      {text.arriving.deadDetail}
    </Notice>
  ) : (
    <Notice kind="ok" title={text.arriving.started} />
  )
}
