/** Milliseconds. */
const FIRST = 60_000
const LONGEST = 2 * 3_600_000
/** RFC 5321 §4.5.4.1 advises four to five days; ours are tokens that live a day, and invitations. */
const GIVE_UP = 3 * 24 * 3_600_000

/**
 * When to try again after the `attempts`-th failure, in milliseconds since 1970: after 1 min, 2 min, 4 min … 2 h, each a fifth
 * more or less (`random` is 0 to 1) so that mails do not come back in a crowd; undefined once three days are over.
 */
export const nextAttempt = (facts: {
  createdAt: number
  attempts: number
  now: number
  random: number
}): number | undefined => {
  const last = facts.createdAt + GIVE_UP
  if (facts.now >= last) return undefined
  const wait = Math.min(LONGEST, FIRST * 2 ** Math.min(facts.attempts - 1, 30)) * (0.8 + 0.4 * facts.random)
  return Math.min(last, facts.now + Math.round(wait))
}
