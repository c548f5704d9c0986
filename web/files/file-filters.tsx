import { Link } from 'wouter'
import type { Query } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import classes from './file-filters.module.css'

/** What a list of files can be narrowed to. Only one at a time: what is not fetched yet is available. */
const filters = {
  all: {},
  notYet: { fetched: 'not_yet' },
  available: { status: 'available' },
  pending: { status: 'pending' },
  expired: { status: 'expired' },
} as const
export type Filter = keyof typeof filters
const names = ['all', 'notYet', 'available', 'pending', 'expired'] as const

/** The filter an address asks for; anything else is all. */
export const filterOf = (search: URLSearchParams): Filter => {
  if (search.get('fetched') === 'not_yet') return 'notYet'
  const status = search.get('status')
  return names.find(name => name !== 'all' && name === status) ?? 'all'
}

/** What the list is asked for. */
export const queryOf = (filter: Filter, q: string): Query => ({ ...filters[filter], ...(q ? { q } : {}) })

/** The address of the list as it is: what can be linked and survives a reload. */
export const addressOf = (filter: Filter, q: string): string => {
  const search = new URLSearchParams(Object.entries({ ...filters[filter], ...(q ? { q } : {}) }))
  return search.size > 0 ? `/ops/files?${search}` : '/ops/files'
}

/** The filters as links. */
export const FileFilters = ({ filter, q }: { filter: Filter; q: string }) => (
  <nav className={classes.filters} aria-label={deskText.fileList.filter}>
    {names.map(name => (
      <Link key={name} href={addressOf(name, q)} aria-current={name === filter ? 'true' : undefined}>
        {deskText.fileList.filters[name]}
      </Link>
    ))}
  </nav>
)
