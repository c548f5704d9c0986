import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { api, isProblem, type Role } from '../api.ts'
import { signInPath } from './next-path.ts'

type Options = {
  /** Leave it to the page to say that a session ended under it; otherwise the browser goes to sign in at once. */
  stay?: boolean
}

/**
 * Who is signed in at this door. Without a live session the browser goes to sign in and comes back here: by a page load, so
 * that nothing of an earlier session stays in memory. So it does when somebody else signed in in another tab meanwhile.
 * `ended`: with `stay`, there was a session and it is over.
 */
export const useMe = (door: Role, { stay = false }: Options = {}) => {
  const me = useQuery({ queryKey: [door, 'me'], queryFn: api[door].me, refetchOnWindowFocus: 'always' })
  const signedOut = isProblem(me.error, 'unauthenticated')
  const id = me.data?.id
  const first = useRef(id)
  const leave = signedOut && !(stay && id !== undefined)
  useEffect(() => {
    if (!leave) return
    const { pathname, search } = window.location
    window.location.replace(signInPath(door, pathname, { search, ended: id !== undefined }))
  }, [leave, door, id])
  useEffect(() => {
    if (id !== undefined && first.current !== undefined && id !== first.current) window.location.reload()
    first.current ??= id
  }, [id])
  return { user: signedOut ? undefined : me.data, ended: signedOut && !leave, error: signedOut ? undefined : me.error }
}
