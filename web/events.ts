import { type Query, type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { EventName } from '../contract/events.ts'
import type { Role } from './api.ts'

/** What happens within this time is one reason to look again. Milliseconds. */
const GATHER = 300
const FIRST_WAIT = 3_000
const LONGEST_WAIT = 60_000

/**
 * Keeps what the page shows true while it is looked at: the server says what changed (contract/events.ts), and only then is it
 * read again. A page in the background holds no connection, of which browsers have few, and reads all again when it comes back.
 */
export const useEvents = (door: Role, signedIn: boolean): void => {
  const queries = useQueryClient()
  useEffect(() => (signedIn ? follow(door, queries) : undefined), [door, queries, signedIn])
}

const follow = (door: Role, queries: QueryClient): (() => void) => {
  let source: EventSource | undefined
  let wait = FIRST_WAIT
  let retry: number | undefined
  let missed = false
  const news = createNews(door, queries)

  const close = () => {
    source?.close()
    source = undefined
    clearTimeout(retry)
  }
  /** The stream ended, or was refused: `me` tells whether the session did, too (accounts/use-me.ts). */
  const again = () => {
    close()
    void queries.invalidateQueries({ queryKey: [door, 'me'] })
    retry = window.setTimeout(open, wait)
    wait = Math.min(LONGEST_WAIT, wait * 2)
  }
  const open = () => {
    if (source || document.visibilityState === 'hidden') return
    source = new EventSource(`/api/v1/${door}/events`)
    // While it goes on trying by itself there is nothing to do.
    source.onerror = () => source?.readyState === EventSource.CLOSED && again()
    source.onopen = () => {
      wait = FIRST_WAIT
      // What the page has just read need not be read again; what happened while nothing was listened to does.
      if (missed) news.all()
      missed = true
    }
    const on = (name: EventName, then: (data: string) => void) =>
      source?.addEventListener(name, ({ data }) => then(String(data)))
    on('file', news.file)
    on('other', news.other)
    on('files', news.all)
    on('reset', news.all)
    on('end', again)
  }
  const look = () => (document.visibilityState === 'hidden' ? close() : open())
  document.addEventListener('visibilitychange', look)
  open()
  return () => {
    document.removeEventListener('visibilitychange', look)
    close()
    news.stop()
  }
}

/** Every look at a client's list is recorded, so nobody looks but by pressing the button. */
const byHand = 'as-client'
/** Second parts of query keys that no event about a file has anything to do with. */
const notOfFiles: readonly unknown[] = [
  'me',
  'sessions',
  'groups',
  'clients',
  'team',
  'invitations',
  'settings',
  byHand,
]
const ofKind: Record<string, readonly unknown[]> = {
  group: ['groups', 'clients'],
  account: ['clients', 'team'],
  invitation: ['invitations', 'clients', 'team'],
  session: ['sessions'],
}

/** Gathers what happened for a moment, then has what is on the page read again. */
const createNews = (door: Role, queries: QueryClient) => {
  const files = new Set<string>()
  const parts = new Set<unknown>()
  let everything = false
  let timer: number | undefined

  /** Keys are `[door, part, id or filter]`. */
  const concerns = ({ queryKey: [of, part, which] }: Query): boolean => {
    if (of !== door || part === byHand) return false
    if (everything || parts.has(part)) return true
    return files.size > 0 && !notOfFiles.includes(part) && (typeof which !== 'string' || files.has(which))
  }
  const flush = () => {
    timer = undefined
    // Reading again now would cut off a page that somebody has asked for.
    if (queries.isFetching({ predicate: concerns }) > 0) return soon()
    void queries.invalidateQueries({ predicate: concerns })
    everything = false
    files.clear()
    parts.clear()
  }
  const soon = () => {
    timer ??= window.setTimeout(flush, GATHER)
  }
  return {
    all: () => {
      everything = true
      soon()
    },
    file: (data: string) => {
      files.add(String(read(data).file))
      soon()
    },
    other: (data: string) => {
      parts.add('audit')
      for (const part of ofKind[String(read(data).kind).split('.', 1)[0] ?? ''] ?? []) parts.add(part)
      soon()
    },
    stop: () => clearTimeout(timer),
  }
}

const read = (data: string): { file?: unknown; kind?: unknown } => {
  const value: unknown = JSON.parse(data)
  return typeof value === 'object' && value !== null ? value : {}
}
