import type { Check } from './check.ts'

/** Form controls of a sheet use `ctrlProp` instead and are harmless. */
const KINDS = new Set(['control', 'activeXControl', 'activeXControlBinary'])

/** ActiveX controls: programs on the reader's machine that the document starts and feeds. */
export const activex: Check = ({ parts, relationships }, report) => {
  for (const { path, contentType } of parts)
    if (/activex/i.test(contentType) || /(^|\/)activeX\//i.test(path)) report('activex', path)
  for (const { kind, where, part } of relationships) if (KINDS.has(kind)) report('activex', part?.path ?? where)
  return {
    xml: part => ({
      root: ({ local }) => {
        if (local === 'ocx') report('activex', part.path)
      },
    }),
  }
}
