import { Button, Checkbox, MultiSelect, Paper, Stack, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { text } from '../messages/text.ts'
import { Notice } from '../ui/notice.tsx'
import { Problem } from '../ui/problem.tsx'

/** Invites one address: as a client, into groups if wanted; or, by admins, into the team. */
export const Invite = ({ admin }: { admin: boolean }) => {
  const [email, setEmail] = useState('')
  const [team, setTeam] = useState(false)
  const [chosen, setChosen] = useState<string[]>([])
  const queries = useQueryClient()
  const groups = useQuery({ queryKey: ['ops', 'groups', 'all'], queryFn: () => api.ops.groups({ limit: '200' }) })
  const invite = useMutation({
    mutationFn: () =>
      team
        ? api.ops.invite({ email, role: 'ops' })
        : api.ops.invite({ email, role: 'client', ...(chosen.length > 0 ? { groups: chosen } : {}) }),
    onSuccess: () => {
      setEmail('')
      return queries.invalidateQueries({ queryKey: ['ops', 'invitations'] })
    },
  })
  const words = deskText.invitations
  return (
    <Paper
      component="form"
      bd="1px solid var(--line)"
      p="lg"
      bg="var(--card)"
      onSubmit={event => {
        event.preventDefault()
        invite.mutate()
      }}
    >
      <Stack>
        <TextInput
          type="email"
          label={text.fields.email}
          value={email}
          maxLength={254}
          required
          withAsterisk={false}
          onChange={event => setEmail(event.currentTarget.value)}
        />
        {!team && (groups.data?.items.length ?? 0) > 0 && (
          <MultiSelect
            label={words.groups}
            data={groups.data?.items.map(({ id, name }) => ({ value: id, label: name }))}
            value={chosen}
            onChange={setChosen}
            searchable
            hidePickedOptions
          />
        )}
        {admin && (
          <Checkbox
            label={words.team}
            description={words.teamDetail}
            checked={team}
            onChange={event => setTeam(event.currentTarget.checked)}
          />
        )}
        <Problem error={invite.error} titles={{ conflict: words.taken[team ? 'ops' : 'client'] }} />
        {invite.isSuccess && <Notice kind="ok">{words.sent(invite.data.email)}</Notice>}
        <div>
          <Button type="submit" loading={invite.isPending}>
            {words.action}
          </Button>
        </div>
      </Stack>
    </Paper>
  )
}
