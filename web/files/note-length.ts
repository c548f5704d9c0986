/** As the contract has it, in characters as people count them. */
const NOTE_LENGTH = 2000
/** A note as it is sent: a tab is a space, and what nobody can see (control characters of a paste) is left out. */
export const cleanNote = (note: string): string =>
  note
    .replace(/\r\n?|\u2028|\u2029/g, '\n')
    .replaceAll('\t', ' ')
    .replace(/[^\P{Cc}\n]/gu, '')
    .trim()

/** Characters beyond what a note may have; below zero while there is room. */
export const excessOf = (note: string): number => [...cleanNote(note)].length - NOTE_LENGTH
