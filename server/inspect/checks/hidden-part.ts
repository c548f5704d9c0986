import type { Check } from './check.ts'

/** Parts to which no relationship leads: Office does not show them, and who takes the file apart finds them. */
export const hiddenPart: Check = ({ parts }, report) => {
  for (const { path, reachable } of parts) if (!reachable) report('hidden_part', path)
  return undefined
}
