import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, isProblem, type SentFile } from '../api.ts'
import type { Chosen } from './audience-picker.tsx'
import { inviteFirst } from './invite-first.ts'

/** Replaces a file's audience, after invitations to addresses that have no account. */
export const useShare = (id: string, onShared: (file: SentFile) => void) => {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ audience, invite = [] }: { audience: Chosen; invite?: string[] }) => {
      await inviteFirst(invite)
      return api.ops.share(id, audience)
    },
    onSuccess: file => {
      queries.setQueryData(['ops', 'files', id], file)
      onShared(file)
      return queries.invalidateQueries({ queryKey: ['ops'] })
    },
    // Deleted meanwhile: the page has to say so.
    onError: error => isProblem(error, 'not_found') && queries.invalidateQueries({ queryKey: ['ops'] }),
  })
}
