import type { Check } from './check.ts'

/** A click, or the pointer's passing over a shape, that starts a program or a macro (PowerPoint), and ribbon code. */
export const actions: Check = (_document, report) => ({
  xml: ({ path }) => ({
    attribute: {
      action: value => {
        if (/^\s*ppaction:\/\/(program|macro)/i.test(value)) report('active_content', path)
      },
      onLoad: (_value, _attribute, { local }) => {
        if (local === 'customUI') report('active_content/ribbon', path)
      },
    },
  }),
})
