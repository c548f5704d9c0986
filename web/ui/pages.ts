import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query'
import type { Page, Query } from '../api.ts'

/** A list, page by page. */
export const usePages = <T>(
  key: QueryKey,
  read: (query: Query) => Promise<Page<T>>,
  query: Query = {},
  options: { refetchInterval?: number; staleTime?: number; refetchOnWindowFocus?: boolean } = {},
) =>
  useInfiniteQuery({
    ...options,
    queryKey: [...key, query],
    queryFn: ({ pageParam }) => read({ ...query, cursor: pageParam }),
    initialPageParam: '',
    getNextPageParam: page => page.next_cursor ?? undefined,
  })

export type Pages<T> = ReturnType<typeof usePages<T>>
