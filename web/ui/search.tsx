import { TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'

/** What is typed, once typing pauses: a call per pause, not per key. `before`: what stands there when the page opens. */
export const useSearch = (before = '') => {
  const [typed, setTyped] = useState(before)
  const [q, setQ] = useState(before)
  useEffect(() => {
    const timer = setTimeout(() => setQ(typed.trim()), 250)
    return () => clearTimeout(timer)
  }, [typed])
  return { typed, setTyped, q }
}

type Props = { label: string; typed: string; onType: (typed: string) => void }

export const Search = ({ label, typed, onType }: Props) => (
  <TextInput
    type="search"
    aria-label={label}
    placeholder={label}
    value={typed}
    maxLength={200}
    onChange={event => onType(event.currentTarget.value)}
  />
)
