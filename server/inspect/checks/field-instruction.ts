/** Where a piece of an instruction stands: in one of these elements, or in the result of a field inside this one. */
export type Source = 'instrText' | 'delInstrText' | 't' | 'field'

/**
 * What programs may take for the instruction: with or without what was deleted with changes tracked, and with or without
 * ordinary text that stands in it. A decoy in one of them must not hide what the others say.
 */
const READINGS: readonly ReadonlySet<Source>[] = [
  new Set<Source>(['instrText', 'delInstrText', 't', 'field']),
  new Set<Source>(['instrText', 'field']),
  new Set<Source>(['instrText', 'delInstrText', 'field']),
  new Set<Source>(['instrText', 't', 'field']),
]

/** Pieces, not one text: to look at the end of a text that is being added to costs its whole length, every time. */
type Reading = { pieces: string[]; length: number; endsInSpace: boolean; isBlank: boolean }

const extend = (reading: Reading, text: string): void => {
  // Spaces count once: a name cannot be pushed out of sight.
  const spaced = text.replace(/\s+/g, ' ')
  const piece = reading.endsInSpace && spaced.startsWith(' ') ? spaced.slice(1) : spaced
  if (piece === '') return
  reading.pieces.push(piece)
  reading.length += piece.length
  reading.endsInSpace = piece.endsWith(' ')
  reading.isBlank &&= piece === ' '
}

export type Instruction = {
  /** Adds a piece; the result of a field inside may differ by reading. */
  add(source: Source, text: string | readonly string[]): void
  /** Of the longest reading. */
  length(): number
  /** Whether some reading has nothing in it yet. */
  isBlank(): boolean
  /** One for each reading, always in the same order. */
  texts(): string[]
}

/** The instruction of one field, collected piece by piece. */
export const createInstruction = (): Instruction => {
  const readings = READINGS.map((): Reading => ({ pieces: [], length: 0, endsInSpace: false, isBlank: true }))
  return {
    add: (source, text) => {
      for (const [nth, reading] of readings.entries())
        if (READINGS[nth]?.has(source)) extend(reading, typeof text === 'string' ? text : (text[nth] ?? ''))
    },
    length: () => Math.max(...readings.map(({ length }) => length)),
    isBlank: () => readings.some(({ isBlank }) => isBlank),
    texts: () => readings.map(({ pieces }) => pieces.join('')),
  }
}
