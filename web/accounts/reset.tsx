import { useMutation } from '@tanstack/react-query'
import { api, isProblem } from '../api.ts'
import { text } from '../messages/text.ts'
import { CardPage } from '../ui/card-page.tsx'
import { Form, PasswordField } from '../ui/form.tsx'
import { Notice } from '../ui/notice.tsx'
import { To } from '../ui/to.tsx'
import { DeadLink } from './dead-link.tsx'
import { DoorSwitch } from './door-switch.tsx'
import { NoToken } from './no-token.tsx'

/** A new password by mailed link. The link knows its account, the page does not: so signing in is a step of its own. */
export const Reset = ({ token }: { token: string }) => {
  const reset = useMutation({ mutationFn: (password: string) => api.reset({ token, password }) })
  const words = text.reset
  if (token === '') return <NoToken title={words.title} />
  if (reset.isSuccess)
    return (
      <CardPage title={words.title}>
        <Notice kind="ok" title={words.done}>
          {words.doneDetail}
        </Notice>
        <DoorSwitch />
      </CardPage>
    )
  if (isProblem(reset.error, 'invalid_token'))
    return (
      <DeadLink title={words.title} used={words.used}>
        {words.tooOld} <To href="/forgot">{words.again}</To>
      </DeadLink>
    )
  return (
    <CardPage title={words.title} lead={words.lead}>
      <Form
        action={words.action}
        busy={reset.isPending}
        error={reset.error}
        onSubmit={field => reset.mutate(field('password'))}
      >
        <PasswordField fresh />
      </Form>
    </CardPage>
  )
}
