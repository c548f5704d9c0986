import { Button, Loader, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { api, type Group } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { text } from '../messages/text.ts'
import { AskButton } from '../ui/ask-button.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { Problem } from '../ui/problem.tsx'
import { To } from '../ui/to.tsx'
import { PeopleInput } from './people-input.tsx'

/** One group: its members, and its end. */
export const GroupPage = ({ id }: { id: string }) => {
  const query = useQuery({ queryKey: ['ops', 'groups', id], queryFn: () => api.ops.group(id) })
  return (
    <Stack gap="lg">
      <To href="/ops/groups">{deskText.groups.back}</To>
      {query.isPending && <Loader size="sm" aria-label={text.lists.loading} />}
      {query.isError && (
        <>
          <PageTitle>{deskText.groups.oneTitle}</PageTitle>
          <Problem error={query.error} />
        </>
      )}
      {query.data && (
        <>
          <PageTitle>{query.data.name}</PageTitle>
          <Members key={JSON.stringify(query.data.members.map(member => member.id))} group={query.data} />
          <Delete group={query.data} />
        </>
      )}
    </Stack>
  )
}

const Members = ({ group }: { group: Group }) => {
  const before = group.members.map(({ email }) => email)
  const [members, setMembers] = useState(before)
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: () => api.ops.setMembers(group.id, members),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['ops', 'groups'] }),
  })
  const changed = JSON.stringify(members) !== JSON.stringify(before)
  const words = deskText.groups
  return (
    <Stack>
      <PeopleInput label={words.members} description={words.membersDetail} value={members} onChange={setMembers} />
      <Problem error={save.error} />
      <Text c="dimmed" role="status">
        {words.count(before.length)}
      </Text>
      <div>
        <Button disabled={!changed} loading={save.isPending} onClick={() => save.mutate()}>
          {words.save}
        </Button>
      </div>
    </Stack>
  )
}

const Delete = ({ group }: { group: Group }) => {
  const [, navigate] = useLocation()
  const queries = useQueryClient()
  const leave = () => {
    navigate('/ops/groups', { replace: true })
    return queries.invalidateQueries({ queryKey: ['ops', 'groups'] })
  }
  const words = deskText.groups
  return (
    <AskButton
      danger
      label={words.delete}
      title={words.deleteTitle(group.name)}
      action={words.deleteAction}
      act={() => api.ops.deleteGroup(group.id)}
      onDone={leave}
    >
      {words.deleteDetail}
    </AskButton>
  )
}
