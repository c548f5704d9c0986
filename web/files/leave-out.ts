import { useIsMutating, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, isProblem } from '../api.ts'

const key = ['ops', 'leave out']

/** Takes an accepted document back: it leaves the server too. One that is gone already is what was wanted. */
export const useLeaveOut = (onGone: () => void) => {
  const queries = useQueryClient()
  return useMutation({
    mutationKey: key,
    mutationFn: async (id: string) => {
      try {
        await api.ops.deleteFile(id)
      } catch (error) {
        if (!isProblem(error, 'not_found')) throw error
      }
    },
    onSuccess: () => {
      onGone()
      return queries.invalidateQueries({ queryKey: ['ops', 'files'] })
    },
  })
}

/** Whether a document is being taken back at this moment: a hand-over has to wait for it. */
export const useIsLeavingOut = (): boolean => useIsMutating({ mutationKey: key }) > 0
