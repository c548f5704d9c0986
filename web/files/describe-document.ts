import type { SharedFile } from '../api.ts'

const DAY = 24 * 3_600_000

/** What a client can do with a document now, by the server's clock. */
export const stateOf = ({ status, expires_at, as_of }: SharedFile): SharedFile['status'] =>
  status === 'available' && expires_at !== null && Date.parse(expires_at) <= as_of ? 'expired' : status

/** Offered and never asked for. */
export const isNew = (file: SharedFile): boolean => stateOf(file) === 'available' && file.delivery.downloads === 0

/** The sender was asked for it within the last day: asking once more would say nothing new. */
export const wasAsked = ({ delivery: { asked_at }, as_of }: SharedFile): boolean =>
  asked_at !== null && as_of - Date.parse(asked_at) < DAY
