/** Characters of one part of a path that the router reads as a parameter; the longest of ours is a link token. */
export const LONGEST_PART = 512

const TOO_LONG = new RegExp(`/[^/]{${LONGEST_PART + 1},}`)

/**
 * The URL for the router. A path that does not decode or has a part beyond any parameter is refused by Fastify before any of
 * our hooks: no check of the Host, no security headers. It names nothing, so it goes the way of an unknown path instead:
 * under /download through the same order of checks as every bad token (none holds a percent sign), elsewhere to the 404.
 */
export const readable = (url: string): string => {
  const path = url.split('?', 1)[0] ?? ''
  if (path.startsWith('/download/')) return path.includes('%') ? '/download/-' : url
  if (TOO_LONG.test(path)) return '/-'
  if (!path.includes('%')) return url
  try {
    decodeURIComponent(path)
    return url
  } catch {
    return '/-'
  }
}
