import type { Check } from './checks/check.ts'
import { macros } from './checks/macros.ts'
import { mainPart } from './checks/main-part.ts'

/** Everything that is looked for in a document whose container is sound. */
export const checks: readonly Check[] = [mainPart, macros]
