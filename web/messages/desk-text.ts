import { preferredLanguage } from './language.ts'
import { ops } from './ops.en.ts'
import type { Translated } from './translated.ts'

// As text.ts does it, and at the same time.
const german = preferredLanguage() === 'de' ? await import('./ops.de.ts').catch(() => undefined) : undefined

/** The words of the pages behind the ops door. Apart from `text`, so that no client loads them. */
export const deskText: Translated<typeof ops> = german?.ops ?? ops
