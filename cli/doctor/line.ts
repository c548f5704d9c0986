/** `ok`: as it should be. `note`: worth knowing, nothing wrong. `mend`: the text says what to do. */
export type Line = { state: 'ok' | 'note' | 'mend'; what: string; text: string }

export const ok = (what: string, text: string): Line => ({ state: 'ok', what, text })
export const hint = (what: string, text: string): Line => ({ state: 'note', what, text })
export const mend = (what: string, text: string): Line => ({ state: 'mend', what, text })

/** The message of whatever was thrown. */
export const reason = (error: unknown): string => (error instanceof Error ? error.message : 'unknown')
