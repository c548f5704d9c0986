import { Stack } from '@mantine/core'
import { api, type User } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { PageTitle } from '../ui/page-title.tsx'
import { usePages } from '../ui/pages.ts'
import { To } from '../ui/to.tsx'
import { PeopleTable } from './people-table.tsx'

const list = ['ops', 'team']

/** Everybody inside who hands documents over; for admins. */
export const Team = ({ viewer }: { viewer: User }) => {
  const pages = usePages(list, api.ops.team)
  const words = deskText.team
  return (
    <Stack>
      <PageTitle>{words.title}</PageTitle>
      <div>
        {words.lead} <To href="/ops/invitations">{words.invite}</To>
      </div>
      <PeopleTable
        caption={words.title}
        pages={pages}
        list={list}
        empty={words.empty}
        self={viewer.id}
        disable={api.ops.disableColleague}
      />
    </Stack>
  )
}
