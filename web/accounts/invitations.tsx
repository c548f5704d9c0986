import { Button, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, type Invitation, type User } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { text } from '../messages/text.ts'
import { formatTime } from '../ui/format.ts'
import { Cell, List, Meta, Table } from '../ui/list.tsx'
import { type Kind, Tag } from '../ui/notice.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { usePages } from '../ui/pages.ts'
import { Problem } from '../ui/problem.tsx'
import { Invite } from './invite.tsx'

const kinds: Record<Invitation['status'], Kind | undefined> = {
  pending: 'info',
  accepted: 'ok',
  revoked: undefined,
  expired: 'warn',
}

/** Who was asked to come, and who has. */
export const Invitations = ({ viewer }: { viewer: User }) => {
  const pages = usePages(['ops', 'invitations'], api.ops.invitations)
  const queries = useQueryClient()
  const revoke = useMutation({
    mutationFn: api.ops.revokeInvitation,
    onSuccess: () => queries.invalidateQueries({ queryKey: ['ops', 'invitations'] }),
  })
  const words = deskText.invitations
  const row = ({ id, email, role, groups, status, invited_by, expires_at }: Invitation) => (
    <tr key={id}>
      <Cell>
        {email}
        <Meta>
          {words.as(role)}
          {groups.length > 0 && words.into(groups.map(({ name }) => name).join(', '))} · {words.by(invited_by.name)}
        </Meta>
        <Meta narrow>{status === 'pending' && words.until(formatTime(expires_at))}</Meta>
      </Cell>
      <Cell>
        <Tag kind={kinds[status]}>{words.states[status]}</Tag>
      </Cell>
      <Cell wide whole>
        {formatTime(expires_at)}
      </Cell>
      <Cell end>
        {status === 'pending' && (
          <Button
            size="xs"
            variant="default"
            loading={revoke.isPending && revoke.variables === id}
            aria-label={words.revokeNamed(email)}
            onClick={() => revoke.mutate(id)}
          >
            {words.revoke}
          </Button>
        )}
      </Cell>
    </tr>
  )
  return (
    <Stack>
      <PageTitle>{words.title}</PageTitle>
      <Text c="dimmed">{words.lead}</Text>
      <Invite admin={viewer.admin} />
      <Problem error={revoke.error} />
      <List pages={pages} empty={words.empty}>
        {items => (
          <Table
            caption={words.title}
            columns={[
              { title: words.address },
              { title: words.state },
              { title: words.untilColumn, wide: true },
              { title: text.lists.actions, hidden: true, end: true },
            ]}
          >
            {items.map(row)}
          </Table>
        )}
      </List>
    </Stack>
  )
}
