import { useMutation } from '@tanstack/react-query'
import { api } from '../api.ts'
import { text } from '../messages/text.ts'
import { CardPage } from '../ui/card-page.tsx'
import { EmailField, Form, NameField, PasswordField } from '../ui/form.tsx'
import { Notice } from '../ui/notice.tsx'
import { To } from '../ui/to.tsx'

/** Sign-up ends in a mail, whoever asks: the page says the same to everybody. */
export const SignUp = () => {
  const signUp = useMutation({ mutationFn: api.signUp })
  const words = text.signUp
  const foot = (
    <>
      {words.haveAccount} <To href="/sign-in">{text.signIn.action}</To>
    </>
  )
  if (signUp.isSuccess)
    return (
      <CardPage title={words.sentTitle} foot={foot}>
        <Notice kind="ok" title={words.sent(signUp.variables.email)}>
          {words.sentDetail}
        </Notice>
      </CardPage>
    )
  return (
    <CardPage title={words.title} lead={words.lead} foot={foot}>
      <Form
        action={words.action}
        busy={signUp.isPending}
        error={signUp.error}
        onSubmit={field => signUp.mutate({ email: field('email'), name: field('name'), password: field('password') })}
      >
        <NameField />
        <EmailField />
        <PasswordField fresh />
      </Form>
    </CardPage>
  )
}
