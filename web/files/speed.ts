/** Bytes sent by a moment (milliseconds of any steady clock). */
export type Mark = { at: number; sent: number }

/** How much of the past the speed is measured over, milliseconds: long enough to be calm, short enough to be true. */
const WINDOW = 5_000

/** The marks that count, with a new one. */
export const addMark = (marks: Mark[], mark: Mark): Mark[] => {
  const recent = marks.filter(({ at }) => mark.at - at <= WINDOW)
  return [...(recent.length > 0 ? recent : marks.slice(-1)), mark]
}

/** Bytes per second and seconds left, or undefined while there is too little to tell. */
export const speedOf = (marks: Mark[], total: number): { perSecond: number; left: number } | undefined => {
  const [first] = marks
  const last = marks.at(-1)
  if (!first || !last || last.at - first.at < 500 || last.sent <= first.sent) return undefined
  const perSecond = ((last.sent - first.sent) * 1000) / (last.at - first.at)
  return { perSecond, left: (total - last.sent) / perSecond }
}
