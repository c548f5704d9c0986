import { Button, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, isProblem, type Link } from '../api.ts'
import { text } from '../messages/text.ts'
import { formatDistance } from '../ui/format.ts'
import { Cell, List, Meta, Table } from '../ui/list.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { usePages } from '../ui/pages.ts'
import { Problem } from '../ui/problem.tsx'
import { To } from '../ui/to.tsx'

/** Download links of this client that still work, and a way to make each useless at once. */
export const Links = () => {
  const pages = usePages(['client', 'links'], api.client.links)
  const queries = useQueryClient()
  const revoke = useMutation({
    mutationFn: api.client.revokeLink,
    // Also when it was refused: then it had ended by itself, and the list is what was out of date.
    onSettled: () => queries.invalidateQueries({ queryKey: ['client', 'links'] }),
  })
  const over = isProblem(revoke.error, 'not_found')
  const words = text.links
  const row = (link: Link) => {
    const end = words.ends(formatDistance(link.expires_at, link.as_of))
    return (
      <tr key={link.id}>
        <Cell>
          <To href={`/documents/${link.file.id}`}>{link.file.name}</To>
          {link.single_use && <Meta>{words.singleUse}</Meta>}
          <Meta narrow>{end}</Meta>
        </Cell>
        <Cell wide whole>
          {end}
        </Cell>
        <Cell end>
          <Button
            size="xs"
            variant="default"
            loading={revoke.isPending && revoke.variables === link.id}
            aria-label={words.revokeNamed(link.file.name)}
            onClick={() => revoke.mutate(link.id)}
          >
            {words.revoke}
          </Button>
        </Cell>
      </tr>
    )
  }
  return (
    <Stack>
      <PageTitle>{words.title}</PageTitle>
      <Text c="dimmed">{words.lead}</Text>
      {over ? <Notice kind="info" title={words.ended} /> : <Problem error={revoke.error} />}
      <List pages={pages} empty={words.empty}>
        {items => (
          <Table
            caption={words.title}
            columns={[
              { title: words.file },
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
