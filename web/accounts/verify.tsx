import { useMutation } from '@tanstack/react-query'
import { api, isProblem } from '../api.ts'
import { text } from '../messages/text.ts'
import { CardPage } from '../ui/card-page.tsx'
import { Form, PasswordField } from '../ui/form.tsx'
import { Notice } from '../ui/notice.tsx'
import { To } from '../ui/to.tsx'
import { DeadLink } from './dead-link.tsx'
import { NoToken } from './no-token.tsx'

/** The mailed link and the password chosen at that sign-up, together (formats.md, "Mail tokens"): one press signs in. */
export const Verify = ({ token, onSignedIn }: { token: string; onSignedIn: () => void }) => {
  const verify = useMutation({
    mutationFn: (password: string) => api.verify({ token, password }),
    onSuccess: ({ user }) => user && onSignedIn(),
  })
  const words = text.verify
  if (token === '') return <NoToken title={words.title} />
  if (verify.isSuccess)
    return (
      <CardPage title={words.title}>
        <Notice kind="ok" title={words.done}>
          <To href="/sign-in">{text.signIn.action}</To>
        </Notice>
      </CardPage>
    )
  if (isProblem(verify.error, 'invalid_token'))
    return (
      <DeadLink title={words.title} used={words.used}>
        {words.tooOld} <To href="/sign-up">{text.signIn.signUp}</To>
      </DeadLink>
    )
  return (
    <CardPage title={words.title} lead={words.lead}>
      <Form
        action={words.action}
        busy={verify.isPending}
        error={verify.error}
        titles={{ invalid_credentials: words.wrong }}
        onSubmit={field => verify.mutate(field('password'))}
      >
        <PasswordField label={words.password} />
      </Form>
    </CardPage>
  )
}
