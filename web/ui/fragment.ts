import { createContext } from 'react'

/** Loads the page again as it was opened. */
export const Reload = createContext(() => window.location.reload())

/**
 * The page's fragment, taken out of the address bar before anything is drawn, so that neither the history nor a shared screen
 * keeps a token. From here on it lives in memory only. A second mail link opened in the same tab changes nothing but the
 * fragment: then the page starts anew.
 *
 * `reload` puts it back for just as long as loading again takes, while the page it was meant for is still shown: in another
 * language, a mailed link is as good as before.
 */
export const takeFragment = (): { fragment: string; reload: () => void } => {
  const { hash, pathname } = window.location
  const fragment = hash.slice(1)
  const address = (end: string) => window.location.pathname + window.location.search + end
  if (hash !== '') window.history.replaceState(window.history.state, '', address(''))
  window.addEventListener('hashchange', () => {
    if (window.location.hash !== '') window.location.reload()
  })
  const reload = () => {
    if (hash !== '' && window.location.pathname === pathname)
      window.history.replaceState(window.history.state, '', address(hash))
    window.location.reload()
  }
  return { fragment, reload }
}
