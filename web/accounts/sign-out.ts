import { useMutation } from '@tanstack/react-query'
import { api, isProblem, type Role } from '../api.ts'

/** Ends the session and leaves by a page load, so that nothing of it stays in memory. */
export const useSignOut = (door: Role) =>
  useMutation({
    mutationFn: async () => {
      try {
        await api[door].logout()
      } catch (error) {
        if (!isProblem(error, 'unauthenticated')) throw error
      }
    },
    onSuccess: () => window.location.assign(door === 'ops' ? '/ops/sign-in' : '/sign-in'),
  })
