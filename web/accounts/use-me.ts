import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { api, isProblem, type Role } from '../api.ts'
import { signInPath } from './next-path.ts'

/**
 * Who is signed in at this door. Without a live session the browser goes to sign in and comes back here: by a page load, so
 * that nothing of an earlier session stays in memory.
 */
export const useMe = (door: Role) => {
  const me = useQuery({ queryKey: [door, 'me'], queryFn: api[door].me, refetchOnWindowFocus: 'always' })
  const signedOut = isProblem(me.error, 'unauthenticated')
  useEffect(() => {
    if (signedOut) window.location.replace(signInPath(door, window.location.pathname, window.location.search))
  }, [signedOut, door])
  return { user: me.data, error: signedOut ? undefined : me.error }
}
