/**
 * The mailbox's secret survives a reload in this tab's own history entry, out of the address bar: whoever develops reloads
 * often, and it opens nothing but this machine's unsent mails until the next start.
 */
export const keepSecret = (fragment: string): string => {
  if (window.location.pathname !== '/mailbox') return ''
  const state: unknown = window.history.state
  const kept = typeof state === 'object' && state !== null && 'mailbox' in state ? state.mailbox : undefined
  if (fragment === '') return typeof kept === 'string' ? kept : ''
  window.history.replaceState({ mailbox: fragment }, '')
  return fragment
}
