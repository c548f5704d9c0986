import { MantineProvider } from '@mantine/core'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { isProblem } from '../api.ts'
import { language } from '../messages/text.ts'
import { Reload } from './fragment.ts'
import { contrast, theme } from './theme.ts'

/** By preference of the system, and nothing stored. */
const followSystem = {
  get: () => 'auto' as const,
  set: () => {},
  subscribe: () => {},
  unsubscribe: () => {},
  clear: () => {},
}

/** The nonce that the page's own policy names; browsers hide its attribute from style sheets, hence the property. */
const pageNonce = (): string => document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''

/** A session that ended meanwhile shows in any call: whoever watches `me` (use-me.ts) then leads to the sign-in page. */
const createQueries = (): QueryClient => {
  const lookAgain = (error: unknown, key?: readonly unknown[]) => {
    if (isProblem(error, 'unauthenticated') && key?.[1] !== 'me')
      void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === 'me' })
  }
  const queries = new QueryClient({
    queryCache: new QueryCache({ onError: (error, query) => lookAgain(error, query.queryKey) }),
    mutationCache: new MutationCache({ onError: error => lookAgain(error) }),
    defaultOptions: {
      queries: {
        // A refusal stays one; only what did not arrive is tried again.
        retry: (count, error) => count < 2 && !isProblem(error),
        staleTime: 5_000,
      },
    },
  })
  return queries
}

/** Puts an entry's routes on the page, in the person's language. `reload` as of `takeFragment`. */
export const start = (app: ReactNode, reload: () => void): void => {
  const root = document.getElementById('root')
  if (!root) throw new Error('The page has no #root')
  const nonce = pageNonce()
  document.documentElement.lang = language
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={contrast}
        getStyleNonce={() => nonce}
        colorSchemeManager={followSystem}
        defaultColorScheme="auto"
      >
        <QueryClientProvider client={createQueries()}>
          <Reload value={reload}>{app}</Reload>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
}
