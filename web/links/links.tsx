import { Button, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type Link } from '../api.ts'
import { text } from '../messages/text.ts'
import { formatDistance, formatTime } from '../ui/format.ts'
import { Cell, List, Meta, Table } from '../ui/list.tsx'
import { Tag } from '../ui/notice.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { usePages } from '../ui/pages.ts'
import { Problem } from '../ui/problem.tsx'
import { To } from '../ui/to.tsx'

/** Download links this client was given, and a way to make each useless at once. */
export const Links = () => {
  const [now] = useState(Date.now)
  const pages = usePages(['client', 'links'], api.client.links)
  const queries = useQueryClient()
  const revoke = useMutation({
    mutationFn: api.client.revokeLink,
    onSuccess: () => queries.invalidateQueries({ queryKey: ['client', 'links'] }),
  })
  const words = text.links
  const row = (link: Link) => {
    const alive = !link.revoked_at && !link.spent_at && Date.parse(link.expires_at) > now
    const state = link.revoked_at ? words.revoked : link.spent_at ? words.spent : alive ? words.live : words.expired
    const end = alive ? words.ends(formatDistance(link.expires_at, now)) : formatTime(link.expires_at)
    return (
      <tr key={link.id}>
        <Cell>
          <To href={`/documents/${link.file.id}`}>{link.file.name}</To>
          {link.single_use && <Meta>{words.singleUse}</Meta>}
          <Meta narrow>{end}</Meta>
        </Cell>
        <Cell>
          <Tag kind={alive ? 'ok' : undefined}>{state}</Tag>
        </Cell>
        <Cell wide>{end}</Cell>
        <Cell end>
          {alive && (
            <Button
              size="xs"
              variant="default"
              loading={revoke.isPending && revoke.variables === link.id}
              onClick={() => revoke.mutate(link.id)}
            >
              {words.revoke}
            </Button>
          )}
        </Cell>
      </tr>
    )
  }
  return (
    <Stack>
      <PageTitle>{words.title}</PageTitle>
      <Text c="dimmed">{words.lead}</Text>
      <Problem error={revoke.error} />
      <List pages={pages} empty={words.empty}>
        {items => (
          <Table
            caption={words.title}
            columns={[
              { title: words.file },
              { title: words.state },
              { title: words.until, wide: true },
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
