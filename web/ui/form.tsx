import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { createContext, type ReactNode, type SubmitEvent, useContext, useEffect, useRef } from 'react'
import { isProblem } from '../api.ts'
import { text } from '../messages/text.ts'
import { Problem } from './problem.tsx'

const noErrors: ReadonlyMap<string, string> = new Map()
/** What the server says about single fields, by their names. */
const FieldErrors = createContext(noErrors)
const names = ['name', 'email', 'password']

/** The messages for fields, when there is one for a field in every error; otherwise the problem is told as a whole. */
const fieldErrorsOf = (error: unknown): ReadonlyMap<string, string> => {
  const errors = isProblem(error, 'invalid_request') ? (error.problem.errors ?? []) : []
  return errors.every(({ where }) => names.includes(where))
    ? new Map(errors.map(({ where, message }) => [where, text.problems.field(message)]))
    : noErrors
}

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
  const form = useRef<HTMLFormElement>(null)
  const wrong = fieldErrorsOf(error)
  // The field that has to be mended is read out with its message, and ready to type in.
  useEffect(() => {
    const [first] = fieldErrorsOf(error).keys()
    if (first) form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus()
  }, [error])
  return (
    <form ref={form} onSubmit={submit}>
      <FieldErrors value={wrong}>
        <Stack>
          {children}
          {wrong.size === 0 && <Problem error={error} titles={titles} />}
          <Button type="submit" loading={busy} fullWidth>
            {action}
          </Button>
        </Stack>
      </FieldErrors>
    </form>
  )
}

/** `fixed`: an address that is given, shown to be read and for password managers. */
export const EmailField = ({ autoComplete = 'username', fixed }: { autoComplete?: string; fixed?: string }) => (
  <TextInput
    name="email"
    type="email"
    label={text.fields.email}
    error={useContext(FieldErrors).get('email')}
    autoComplete={autoComplete}
    value={fixed}
    readOnly={fixed !== undefined}
    maxLength={254}
    required
    withAsterisk={false}
  />
)

export const NameField = () => (
  <TextInput
    name="name"
    label={text.fields.name}
    error={useContext(FieldErrors).get('name')}
    autoComplete="name"
    maxLength={100}
    required
    withAsterisk={false}
  />
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
}) => {
  const error = useContext(FieldErrors).get('password')
  return (
    <PasswordInput
      name="password"
      label={label ?? (fresh ? text.fields.newPassword : text.fields.password)}
      description={description ?? (fresh ? text.fields.passwordRule : undefined)}
      error={error}
      aria-invalid={error ? true : undefined}
      autoComplete={fresh ? 'new-password' : 'current-password'}
      maxLength={1024}
      required
      withAsterisk={false}
      visibilityToggleButtonProps={{ 'aria-label': text.fields.showPassword, tabIndex: 0 }}
    />
  )
}
