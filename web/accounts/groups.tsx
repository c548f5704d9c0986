import { Button, Group as Row, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { api, type Group } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { formatTime } from '../ui/format.ts'
import { Cell, List, Meta, Table } from '../ui/list.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { usePages } from '../ui/pages.ts'
import { Problem } from '../ui/problem.tsx'
import { To } from '../ui/to.tsx'

/** Groups of clients, for example one per customer company. */
export const Groups = () => {
  const pages = usePages(['ops', 'groups', 'list'], api.ops.groups)
  const words = deskText.groups
  const row = ({ id, name, members, created_at }: Group) => (
    <tr key={id}>
      <Cell>
        <To href={`/ops/groups/${id}`}>{name}</To>
        <Meta narrow>{words.count(members.length)}</Meta>
      </Cell>
      <Cell wide>{words.count(members.length)}</Cell>
      <Cell wide whole>
        {formatTime(created_at)}
      </Cell>
    </tr>
  )
  return (
    <Stack>
      <PageTitle>{words.title}</PageTitle>
      <Text c="dimmed">{words.lead}</Text>
      <NewGroup />
      <List pages={pages} empty={words.empty}>
        {items => (
          <Table
            caption={words.title}
            columns={[{ title: words.name }, { title: words.members, wide: true }, { title: words.since, wide: true }]}
          >
            {items.map(row)}
          </Table>
        )}
      </List>
    </Stack>
  )
}

const NewGroup = () => {
  const [name, setName] = useState('')
  const [, navigate] = useLocation()
  const queries = useQueryClient()
  const create = useMutation({
    mutationFn: api.ops.createGroup,
    onSuccess: async group => {
      await queries.invalidateQueries({ queryKey: ['ops', 'groups'] })
      navigate(`/ops/groups/${group.id}`)
    },
  })
  const words = deskText.groups
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        create.mutate(name)
      }}
    >
      <Stack gap="xs">
        <Row align="end">
          <TextInput
            label={words.newName}
            value={name}
            maxLength={100}
            required
            withAsterisk={false}
            onChange={event => setName(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={create.isPending}>
            {words.create}
          </Button>
        </Row>
        <Problem error={create.error} titles={{ conflict: words.nameTaken }} />
      </Stack>
    </form>
  )
}
