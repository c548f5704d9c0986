import { text } from '../messages/text.ts'

/** Past the navigation. A button, not a link to a fragment: a changed fragment means a mail link here (fragment.ts). */
export const SkipLink = () => (
  <button type="button" className="skip-link" onClick={() => document.getElementById('content')?.focus()}>
    {text.skip}
  </button>
)
