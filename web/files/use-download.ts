import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, isProblem, type SharedFile } from '../api.ts'
import { stateOf } from './describe-document.ts'

/** Goes to a download link (its path): an attachment, so the page stays. Asks first, since a refusal would replace the page. */
export const followIfAlive = async (path: string): Promise<void> => {
  await api.client.probe(path)
  window.location.assign(path)
}

/** One shared file as the server last told of it. */
export const sharedFile = (id: string) => ({
  queryKey: ['client', 'files', id] as const,
  queryFn: () => api.client.file(id),
})

/**
 * Downloads a file: issues a link and follows it, then looks at the file until all of it was sent, ever more seldom. Gives the
 * newest that is known of the file, and whether it was withdrawn or deleted since it was shown.
 */
export const useDownload = (listed: SharedFile) => {
  const queries = useQueryClient()
  const { queryKey, queryFn } = sharedFile(listed.id)
  const download = useMutation({
    mutationFn: async () => followIfAlive(new URL((await api.client.issueLink(listed.id)).download_link).pathname),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: ['client', 'links'] })
      void queries.invalidateQueries({ queryKey })
    },
  })
  const watched = useQuery({
    queryKey,
    queryFn,
    enabled: download.isSuccess || isProblem(download.error, 'not_found'),
    refetchInterval: ({ state: { data, status } }) =>
      download.isSuccess && status === 'success' && data?.delivery.delivered_at === null
        ? Math.max(1000, (Date.now() - download.submittedAt) / 4)
        : false,
  })
  const file = watched.data && watched.data.as_of >= listed.as_of ? watched.data : listed
  const gone = !download.isIdle && isProblem(watched.error, 'not_found')
  // A link that cannot be had is explained by what became of the file.
  const explained =
    isProblem(download.error, 'not_found') && (watched.isFetching || gone || stateOf(file) !== 'available')
  return { download, file, gone, error: explained ? null : download.error }
}
