import { api, isProblem } from '../api.ts'

/** Invites addresses as clients. Who has an account by now needs no invitation. */
export const inviteFirst = async (addresses: readonly string[]): Promise<void> => {
  for (const email of addresses) {
    try {
      await api.ops.invite({ email, role: 'client' })
    } catch (error) {
      if (!isProblem(error, 'conflict')) throw error
    }
  }
}
