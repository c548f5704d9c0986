import { Anchor } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { api, isProblem } from '../api.ts'
import { text } from '../messages/text.ts'
import { CardPage } from '../ui/card-page.tsx'
import { EmailField, Form, NameField, PasswordField } from '../ui/form.tsx'
import { Notice } from '../ui/notice.tsx'

type Typed = { email: string; name: string; password: string }

/** The first admin, by the link that the server printed at its first start; signs in at once. */
export const Setup = ({ token, onSignedIn }: { token: string; onSignedIn: () => void }) => {
  const setup = useMutation({
    mutationFn: async ({ email, name, password }: Typed) => {
      await api.setup({ setup_token: token, email, name, password })
      await api.ops.login({ email, password })
    },
    onSuccess: onSignedIn,
  })
  const words = text.setup
  if (token === '' || isProblem(setup.error, 'not_found'))
    return (
      <CardPage title={words.title}>
        <Notice kind="warn" title={token === '' ? words.noToken : words.alreadyDone}>
          {token === '' ? words.noTokenDetail : <Anchor href="/ops/sign-in">{text.signIn.action}</Anchor>}
        </Notice>
      </CardPage>
    )
  return (
    <CardPage title={words.title} lead={words.lead}>
      <Form
        action={words.action}
        busy={setup.isPending}
        error={setup.error}
        onSubmit={field => setup.mutate({ email: field('email'), name: field('name'), password: field('password') })}
      >
        <NameField />
        <EmailField />
        <PasswordField fresh />
      </Form>
    </CardPage>
  )
}
