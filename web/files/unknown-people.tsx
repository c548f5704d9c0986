import { Button, Group } from '@mantine/core'
import { isProblem } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { Notice } from '../ui/notice.tsx'
import type { Chosen } from './audience-picker.tsx'
import classes from './handing-over.module.css'

/** What the server says of a list with somebody on it whom nobody here is: addresses that can be invited, and the rest. */
const unknownIn = (error: unknown): { addresses: string[]; others: string[] } => {
  const named = isProblem(error, 'unknown_recipient')
    ? [...new Set((error.problem.errors ?? []).map(({ where }) => where))]
    : []
  const isAddress = (where: string) => /^[^\s@]+@[^\s@]+$/.test(where)
  return { addresses: named.filter(isAddress), others: named.filter(where => !isAddress(where)) }
}

/** Whether any of them still stands on the list. */
export const isOnList = (error: unknown, { clients, groups }: Chosen): boolean => {
  const { addresses, others } = unknownIn(error)
  return [...addresses, ...others].some(name => clients.includes(name) || groups.includes(name))
}

type Props = {
  error: unknown
  /** What the list is for: it goes on after the invitations. */
  purpose: 'send' | 'save'
  value: Chosen
  onChange: (value: Chosen) => void
  onInvite: (addresses: string[]) => void
  busy: boolean
}

/** Somebody on the list has no account: an invitation and the hand-over in one press, or off the list. */
export const UnknownPeople = ({ error, purpose, value, onChange, onInvite, busy }: Props) => {
  const { addresses, others } = unknownIn(error)
  // What was taken off the list since needs nobody's attention.
  const listed = (names: string[]) => names.filter(name => value.clients.includes(name) || value.groups.includes(name))
  const [invitable, groups] = [listed(addresses), others.filter(name => value.groups.includes(name))]
  const misspelt = others.filter(name => value.clients.includes(name))
  const words = deskText.audience
  if (invitable.length + groups.length + misspelt.length === 0) return null
  const cannotCome = groups.length + misspelt.length > 0
  // What can be invited stays for that while there is something else to take off.
  const takeOff = () => {
    const off = cannotCome ? others : addresses
    onChange({
      ...value,
      clients: value.clients.filter(name => !off.includes(name)),
      groups: value.groups.filter(id => !off.includes(id)),
    })
  }
  return (
    <>
      {groups.length > 0 && <Notice kind="bad" title={words.groupGone} />}
      {misspelt.length > 0 && (
        <Notice kind="bad" title={words.noAddress(misspelt)}>
          {words.noAddressDetail}
        </Notice>
      )}
      {invitable.length > 0 && (
        <Notice kind="bad" title={words.unknown(invitable)}>
          {words.unknownDetail}
        </Notice>
      )}
      <Group gap="xs">
        {!cannotCome && (
          <Button size="xs" loading={busy} className={classes.wrapping} onClick={() => onInvite(invitable)}>
            {words.inviteAnd[purpose](invitable.length)}
          </Button>
        )}
        <Button size="xs" variant="default" className={classes.wrapping} onClick={takeOff}>
          {misspelt.length > 0 ? words.takeOffNamed(misspelt) : words.takeOff}
        </Button>
      </Group>
    </>
  )
}
