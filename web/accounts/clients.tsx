import { Stack } from '@mantine/core'
import { api, type User } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { PageTitle } from '../ui/page-title.tsx'
import { usePages } from '../ui/pages.ts'
import { Search, useSearch } from '../ui/search.tsx'
import { To } from '../ui/to.tsx'
import { PeopleTable } from './people-table.tsx'

const list = ['ops', 'clients', 'list']

/** Everybody outside who can receive documents. */
export const Clients = ({ viewer }: { viewer: User }) => {
  const { typed, setTyped, q } = useSearch()
  const pages = usePages(list, api.ops.clients, q ? { q } : {})
  const words = deskText.clients
  return (
    <Stack>
      <PageTitle>{words.title}</PageTitle>
      <div>
        {words.lead} <To href="/ops/invitations">{words.invite}</To>
      </div>
      <Search label={words.search} typed={typed} onType={setTyped} />
      <PeopleTable
        caption={words.title}
        pages={pages}
        list={list}
        searched={q !== ''}
        empty={words.empty}
        page={id => `/ops/clients/${id}`}
        self={viewer.id}
        disable={viewer.admin ? api.ops.disableClient : undefined}
      />
    </Stack>
  )
}
