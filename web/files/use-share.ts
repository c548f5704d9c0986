import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, type SentFile } from '../api.ts'
import type { Chosen } from './audience-picker.tsx'

/** Gives files to an audience, one after the other; the first refusal stops, and nothing of that file has changed. */
export const useShare = (onShared: (files: SentFile[]) => void) => {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ ids, audience }: { ids: string[]; audience: Chosen }) => {
      const shared: SentFile[] = []
      for (const id of ids) shared.push(await api.ops.share(id, audience))
      return shared
    },
    onSuccess: shared => {
      for (const file of shared) queries.setQueryData(['ops', 'files', file.id], file)
      onShared(shared)
      return queries.invalidateQueries({ queryKey: ['ops'] })
    },
  })
}
