import { TagsInput } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'

type PeopleProps = {
  label: string
  description?: string
  value: string[]
  onChange: (value: string[]) => void
  /** What is wrong with the list; `true` where the page says it beside. */
  error?: string | boolean
}

/** E-mail addresses, typed, pasted or taken from the clients whose name or address begins with what is typed. */
export const PeopleInput = ({ label, description, value, onChange, error }: PeopleProps) => {
  const [typed, setTyped] = useState('')
  const q = typed.trim()
  const found = useQuery({
    queryKey: ['ops', 'clients', 'suggested', q],
    queryFn: () => api.ops.clients({ q, limit: '20' }),
    enabled: q !== '',
    placeholderData: keepPreviousData,
  })
  const nameOf = new Map(found.data?.items.map(({ email, name }) => [email, name]))
  return (
    <TagsInput
      label={label}
      description={description}
      error={error}
      placeholder={value.length === 0 ? deskText.audience.peoplePlaceholder : undefined}
      value={value}
      onChange={onChange}
      searchValue={typed}
      onSearchChange={setTyped}
      // Only while something is typed: an open list would lie over the button that comes next.
      data={q === '' ? [] : [...nameOf.keys()]}
      // The server searched already, by name too.
      filter={({ options }) => options}
      renderOption={({ option }) => <span>{`${nameOf.get(option.value) ?? ''} · ${option.value}`}</span>}
      splitChars={[',', ';', ' ']}
    />
  )
}
