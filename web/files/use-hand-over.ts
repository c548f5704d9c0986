import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, type Handoff, isProblem, type NewHandoff, type SentFile } from '../api.ts'
import { inviteFirst } from './invite-first.ts'
import { keepRecent } from './recent-audiences.ts'

type Wish = NewHandoff & { invite: string[] }
/** Done, or the ids of documents that were deleted meanwhile: then nothing was handed over. */
export type Outcome = { handoff: Handoff } | { gone: string[] }

/** Hands documents over, after invitations to addresses that have no account. */
export const useHandOver = (account: string, onDone: (handoff: Handoff) => void) => {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ invite, ...wish }: Wish): Promise<Outcome> => {
      await inviteFirst(invite)
      try {
        return { handoff: await api.ops.handOver(wish) }
      } catch (error) {
        const gone = isProblem(error, 'not_found') ? await goneOf(wish.files) : []
        if (gone.length === 0) throw error
        return { gone }
      }
    },
    onSuccess: async (outcome, { audience }) => {
      if ('gone' in outcome) return
      onDone(outcome.handoff)
      await queries.invalidateQueries({ queryKey: ['ops'] })
      const [first] = outcome.handoff.files
      if (first) await remember(account, first.id, audience)
    },
  })
}

const goneOf = async (ids: readonly string[]): Promise<string[]> => {
  const found = await Promise.allSettled(ids.map(api.ops.file))
  return ids.filter((_, index) => {
    const one = found[index]
    return one?.status === 'rejected' && isProblem(one.reason, 'not_found')
  })
}

/** Of the file's audience, what was chosen this time: its ids and names as the server has them. */
const remember = async (account: string, id: string, chosen: NewHandoff['audience']): Promise<void> => {
  const addresses = chosen.clients?.map(address => address.toLowerCase()) ?? []
  let audience: SentFile['audience']
  try {
    audience = (await api.ops.file(id)).audience
  } catch {
    return // Only a convenience.
  }
  keepRecent(account, {
    everyone: chosen.everyone ?? false,
    groups: audience.groups.filter(group => chosen.groups?.includes(group.id)),
    clients: audience.clients.filter(({ email }) => addresses.includes(email.toLowerCase())),
  })
}
