import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import type { ReactNode, SubmitEvent } from 'react'
import { text } from '../messages/text.ts'
import { Problem } from './problem.tsx'

type Props = {
  /** What the one button says. */
  action: string
  busy: boolean
  error: unknown
  /** What a refusal is called here, by its code. */
  titles?: Record<string, string>
  /** Called with the fields' values by name. */
  onSubmit: (field: (name: string) => string) => void
  children?: ReactNode
}

/** Fields, what went wrong, and the button that goes on. */
export const Form = ({ action, busy, error, titles, onSubmit, children }: Props) => {
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    if (!busy) onSubmit(name => String(data.get(name) ?? ''))
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        {children}
        <Problem error={error} titles={titles} />
        <Button type="submit" loading={busy} fullWidth>
          {action}
        </Button>
      </Stack>
    </form>
  )
}

export const EmailField = ({ autoComplete = 'username' }: { autoComplete?: string }) => (
  <TextInput
    name="email"
    type="email"
    label={text.fields.email}
    autoComplete={autoComplete}
    maxLength={254}
    required
    withAsterisk={false}
  />
)

export const NameField = () => (
  <TextInput name="name" label={text.fields.name} autoComplete="name" maxLength={100} required withAsterisk={false} />
)

/** `fresh`: a password that is chosen here, with the rule beside it. */
export const PasswordField = ({
  fresh,
  label,
  description,
}: {
  fresh?: boolean
  label?: string
  description?: string
}) => (
  <PasswordInput
    name="password"
    label={label ?? (fresh ? text.fields.newPassword : text.fields.password)}
    description={description ?? (fresh ? text.fields.passwordRule : undefined)}
    autoComplete={fresh ? 'new-password' : 'current-password'}
    maxLength={1024}
    required
    withAsterisk={false}
    visibilityToggleButtonProps={{ 'aria-label': text.fields.showPassword, tabIndex: 0 }}
  />
)
