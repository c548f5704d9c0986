import { Anchor, Button, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, type Role, type Session } from '../api.ts'
import { text } from '../messages/text.ts'
import { formatTime } from '../ui/format.ts'
import { Cell, List, Meta, Table } from '../ui/list.tsx'
import { Tag } from '../ui/notice.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { usePages } from '../ui/pages.ts'
import { Problem } from '../ui/problem.tsx'
import { describeBrowser } from './browser.ts'
import { useSignOut } from './sign-out.ts'

/** Where this account is signed in, and a way to end each. */
export const Sessions = ({ door }: { door: Role }) => {
  const pages = usePages([door, 'sessions'], api[door].sessions)
  const queries = useQueryClient()
  const signOut = useSignOut(door)
  const end = useMutation({
    mutationFn: api[door].endSession,
    onSuccess: () => queries.invalidateQueries({ queryKey: [door, 'sessions'] }),
  })
  const words = text.sessions
  const row = (session: Session) => (
    <tr key={session.id}>
      <Cell>
        {describeBrowser(session.user_agent) ?? words.unknownProgram}{' '}
        {session.current && <Tag kind="ok">{words.current}</Tag>}
        <Meta>{words.from(session.ip, formatTime(session.created_at))}</Meta>
        <Meta narrow>{words.lastSeen(formatTime(session.last_seen_at))}</Meta>
      </Cell>
      <Cell wide whole>
        {formatTime(session.last_seen_at)}
      </Cell>
      <Cell end>
        <Button
          size="xs"
          variant="default"
          loading={session.current ? signOut.isPending : end.isPending && end.variables === session.id}
          onClick={() => (session.current ? signOut.mutate() : end.mutate(session.id))}
        >
          {session.current ? text.actions.signOut : words.end}
        </Button>
      </Cell>
    </tr>
  )
  return (
    <Stack>
      <PageTitle>{words.title}</PageTitle>
      <Text c="dimmed">
        {words.lead} {/* For the desk that page is the other entry's. */}
        <Anchor href={door === 'ops' ? '/ops/forgot' : '/forgot'} underline="always">
          {words.password}
        </Anchor>
      </Text>
      <Problem error={end.error ?? signOut.error} />
      <List pages={pages} empty={words.empty}>
        {items => (
          <Table
            caption={words.title}
            columns={[
              { title: words.where },
              { title: words.lastSeenColumn, wide: true },
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
