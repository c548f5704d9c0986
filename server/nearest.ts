/**
 * The word of `known` that somebody most likely meant, undefined where none is near: at most a third of its letters are
 * typed wrongly, left out, added or swapped (optimal string alignment distance).
 */
export const nearest = (typed: string, known: readonly string[]): string | undefined => {
  const [best] = known
    .map(word => ({ word, distance: distance(typed, word) }))
    .filter(({ word, distance }) => distance <= word.length / 3)
    .sort((a, b) => a.distance - b.distance)
  return best?.word
}

const distance = (a: string, b: string): number => {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)]
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    rows.push(row)
    for (let j = 1; j <= b.length; j++) {
      const changed = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] && i > 1 && j > 1 ? at(i - 2, j - 2) + 1 : changed
      row.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, changed, swapped))
    }
  }
  return at(a.length, b.length)
}
