import { loadCommonPasswords } from './common-passwords.ts'

const MIN_LENGTH = 8
const MAX_LENGTH = 128

/**
 * The form in which a password is measured, compared and hashed: NFC, as RFC 8265 (OpaqueString) asks, since one
 * person's keyboards send the same letters composed and decomposed. Nothing else is changed: case and spaces count.
 * Undefined for what nobody can type: over 128 characters (code points), unpaired surrogates, control characters.
 */
export function canonicalPassword(password: string): string | undefined {
  // Two units are the most a code point takes; longer text is refused before it costs anything.
  if (password.length > MAX_LENGTH * 4 || !password.isWellFormed()) return undefined
  const canonical = password.normalize('NFC')
  return lengthOf(canonical) > MAX_LENGTH || /\p{Cc}/u.test(canonical) ? undefined : canonical
}

/**
 * A judge of new passwords. It returns a sentence for the person who chose it, or undefined if it will do. `personal`
 * are the e-mail address and the name. NIST SP 800-63B: length and a list of common ones, no rules of composition.
 */
export function createWeakness(): (password: string, personal: readonly string[]) => string | undefined {
  let common: ReadonlySet<string> | undefined

  return (password, personal) => {
    const canonical = canonicalPassword(password)
    if (canonical === undefined) return 'Choose a password of at most 128 characters, without control characters.'
    if (lengthOf(canonical) < MIN_LENGTH) return 'Choose a password of at least 8 characters.'
    const folded = fold(canonical)
    if (personal.some(text => personalForms(text).includes(folded))) {
      return 'Choose a password that is not your name or e-mail address.'
    }
    common ??= loadCommonPasswords(MIN_LENGTH)
    if (common.has(folded)) return 'Choose a password that is not on the lists of common ones.'
    return undefined
  }
}

/** The text, its words run together, and for an address the part before the @. */
function personalForms(text: string): string[] {
  const whole = fold(text)
  const [local = ''] = whole.split('@')
  return [whole, whole.replaceAll(' ', ''), local].filter(form => form !== '')
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim()
}

function lengthOf(text: string): number {
  return [...text].length
}
