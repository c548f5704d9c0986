import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, problemOf } from '../api.ts'

/** Goes to a download link: an attachment, so the page stays. */
const follow = (link: string): void => window.location.assign(link)

/** Issues a link for a file and follows it at once. */
export const useDownload = () => {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (id: string) => follow((await api.client.issueLink(id)).download_link),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['client', 'links'] }),
  })
}

/**
 * Follows a link that somebody opened before signing in. Asking first (HEAD costs no use of the link) lets the page say that it
 * no longer works, instead of the browser showing a bare error.
 */
export const followIfAlive = async (path: string): Promise<void> => {
  const response = await fetch(path, { method: 'HEAD', credentials: 'same-origin' })
  if (!response.ok) throw problemOf(JSON.stringify({ code: 'not_found' }))
  follow(path)
}
