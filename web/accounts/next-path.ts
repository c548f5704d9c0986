/** Every place one can be sent to after signing in, character for character: nothing to decode, nothing to resolve. */
const id = '[A-Za-z0-9_-]{22}'
const places = {
  client: new RegExp(`^/(download/[A-Za-z0-9._-]{1,512}|documents(/${id})?|links|sessions)$`),
  ops: new RegExp(`^/ops(/[a-z]{1,20}(/${id})?)?(\\?(fetched|status)=[a-z_]{1,20})?$`),
}

/** The path a sign-in page's fragment asks to go on to, if it is a page of this door; anything else is not looked at. */
export const nextPath = (door: 'ops' | 'client', fragment: string): string | undefined =>
  places[door].test(fragment) ? fragment : undefined

/** The token of a mailed sign-in link, `/mail/<token>`. */
export const mailedToken = (fragment: string): string | undefined =>
  /^\/mail\/([A-Za-z0-9_-]{1,128})$/.exec(fragment)?.[1]

/** In the query of a sign-in page: the session ended while a page was open. */
export const ENDED = 'ended'

type Leaving = {
  /** The page's filter, from the question mark on. */
  search?: string
  /** Whoever goes there was signed in a moment ago. */
  ended?: boolean
}

/** Where to sign in so that one comes back to `path`. */
export const signInPath = (
  door: 'ops' | 'client',
  path: string,
  { search = '', ended = false }: Leaving = {},
): string => {
  const page = (door === 'ops' ? '/ops/sign-in' : '/sign-in') + (ended ? `?${ENDED}` : '')
  const next = nextPath(door, `${path}${search}`) ?? nextPath(door, path)
  return next === undefined ? page : `${page}#${next}`
}
