/**
 * The page's fragment, taken out of the address bar before anything else happens, so that neither the history nor a shared
 * screen keeps a token. From here on it lives in memory only. A second mail link opened in the same tab changes nothing but
 * the fragment: then the page starts anew.
 */
export const takeFragment = (): string => {
  const fragment = window.location.hash.slice(1)
  if (window.location.hash !== '') {
    window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search)
  }
  window.addEventListener('hashchange', () => {
    if (window.location.hash !== '') window.location.reload()
  })
  return fragment
}
