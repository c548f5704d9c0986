import { Checkbox, MultiSelect, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { PeopleInput } from '../accounts/people-input.tsx'
import { api } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { Problem } from '../ui/problem.tsx'

/** Who is to see a document: groups by id, people by e-mail address. */
export type Chosen = { everyone: boolean; groups: string[]; clients: string[] }

export const nobody: Chosen = { everyone: false, groups: [], clients: [] }
export const isNobody = ({ everyone, groups, clients }: Chosen): boolean =>
  !everyone && groups.length === 0 && clients.length === 0

type Props = {
  value: Chosen
  onChange: (value: Chosen) => void
  /** What is wrong with the choice; `true` where the page says it beside. */
  error?: string | boolean
  /** What is to be said of the people on the list. */
  children?: ReactNode
}

/** What is chosen most comes first, and everyone, who are many, last. */
export const AudiencePicker = ({ value, onChange, error, children }: Props) => {
  const words = deskText.audience
  const groups = useQuery({ queryKey: ['ops', 'groups', 'all'], queryFn: () => api.ops.groups({ limit: '200' }) })
  return (
    <Stack>
      <PeopleInput
        label={words.people}
        description={words.peopleDetail}
        value={value.clients}
        error={error}
        onChange={clients => onChange({ ...value, clients })}
      />
      {children}
      <Problem error={groups.error} />
      {(groups.data?.items.length ?? 0) > 0 && (
        <MultiSelect
          label={words.groups}
          placeholder={value.groups.length === 0 ? words.groupsPlaceholder : undefined}
          data={groups.data?.items.map(({ id, name, members }) => ({
            value: id,
            label: words.groupWithCount(name, members.length),
          }))}
          value={value.groups}
          onChange={chosen => onChange({ ...value, groups: chosen })}
          searchable
          hidePickedOptions
        />
      )}
      <Checkbox
        label={words.everyone}
        description={words.everyoneDetail}
        checked={value.everyone}
        onChange={event => onChange({ ...value, everyone: event.currentTarget.checked })}
      />
    </Stack>
  )
}
