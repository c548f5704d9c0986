import { actions } from './checks/actions.ts'
import { activex } from './checks/activex.ts'
import { altChunk } from './checks/alt-chunk.ts'
import { attributes } from './checks/attributes.ts'
import type { Check } from './checks/check.ts'
import { connections } from './checks/connections.ts'
import { embedded } from './checks/embedded.ts'
import { external } from './checks/external.ts'
import { fields } from './checks/fields.ts'
import { formulas } from './checks/formulas.ts'
import { hiddenPart } from './checks/hidden-part.ts'
import { leaks } from './checks/leaks.ts'
import { macros } from './checks/macros.ts'
import { mainPart } from './checks/main-part.ts'

/** Everything that is looked for in a document whose container is sound. */
export const checks: readonly Check[] = [
  mainPart,
  macros,
  activex,
  fields,
  formulas,
  external,
  attributes,
  actions,
  connections,
  altChunk,
  embedded,
  hiddenPart,
  leaks,
]
