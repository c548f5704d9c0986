import { Button } from '@mantine/core'
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import type { User } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { text } from '../messages/text.ts'
import { formatTime } from '../ui/format.ts'
import { Cell, List, Meta, Table } from '../ui/list.tsx'
import { Tag } from '../ui/notice.tsx'
import type { Pages } from '../ui/pages.ts'
import { Problem } from '../ui/problem.tsx'
import { To } from '../ui/to.tsx'

type Props = {
  caption: string
  pages: Pages<User>
  list: QueryKey
  searched?: boolean
  empty: { title: string; detail?: string }
  /** Where a person has a page of their own. */
  page?: (id: string) => string
  /** Absent where the viewer may not. */
  disable?: (id: string, disabled: boolean) => Promise<User>
  /** The viewer, whom a disable button would lock out. */
  self: string
}

/** Clients or colleagues: who they are, and whether they may come in. */
export const PeopleTable = ({ caption, pages, list, searched, empty, page, disable, self }: Props) => {
  const queries = useQueryClient()
  const change = useMutation({
    mutationFn: async ({ id, disabled }: User) => disable?.(id, !disabled),
    onSuccess: () => queries.invalidateQueries({ queryKey: list }),
  })
  const words = deskText.people
  const row = (user: User) => (
    <tr key={user.id}>
      <Cell>
        {page ? <To href={page(user.id)}>{user.name}</To> : user.name}{' '}
        {user.admin && <Tag kind="info">{words.admin}</Tag>} {user.disabled && <Tag kind="bad">{words.disabled}</Tag>}
        <Meta>{user.email}</Meta>
        <Meta narrow>{words.since(formatTime(user.created_at))}</Meta>
      </Cell>
      <Cell wide whole>
        {formatTime(user.created_at)}
      </Cell>
      <Cell end>
        {disable && user.id !== self && (
          <Button
            size="xs"
            variant="default"
            loading={change.isPending && change.variables.id === user.id}
            aria-label={user.disabled ? words.enableNamed(user.name) : words.disableNamed(user.name)}
            onClick={() => change.mutate(user)}
          >
            {user.disabled ? words.enable : words.disable}
          </Button>
        )}
      </Cell>
    </tr>
  )
  return (
    <>
      <Problem error={change.error} />
      <List pages={pages} empty={empty} searched={searched}>
        {items => (
          <Table
            caption={caption}
            columns={[
              { title: words.person },
              { title: words.sinceColumn, wide: true },
              { title: text.lists.actions, hidden: true, end: true },
            ]}
          >
            {items.map(row)}
          </Table>
        )}
      </List>
    </>
  )
}
