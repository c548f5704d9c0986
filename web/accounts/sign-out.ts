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
    onSuccess: () => {
      forgetKept()
      window.location.assign(door === 'ops' ? '/ops/sign-in' : '/sign-in')
    },
  })

/** What this browser kept for somebody signed in stands under `valise:` and is nobody's business afterwards. */
const forgetKept = (): void => {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith('valise:')) localStorage.removeItem(key)
  } catch {
    // Without storage nothing was kept.
  }
}
