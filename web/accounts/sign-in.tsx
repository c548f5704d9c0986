import { Anchor, Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useSearch } from 'wouter'
import { api, isProblem, type Role } from '../api.ts'
import { text } from '../messages/text.ts'
import { CardPage } from '../ui/card-page.tsx'
import { EmailField, Form, PasswordField } from '../ui/form.tsx'
import { Notice } from '../ui/notice.tsx'
import { To } from '../ui/to.tsx'
import { DoorSwitch } from './door-switch.tsx'
import { ENDED, mailedToken } from './next-path.ts'

type Props = {
  door: Role
  /** What the page was opened with: a mailed link's token, or where to go on to. */
  fragment: string
  onSignedIn: (door: Role) => void
}

/** One page for both doors; clients' is the one that opens. */
export const SignIn = ({ door, fragment, onSignedIn }: Props) => {
  const token = mailedToken(fragment)
  const [email, setEmail] = useState('')
  const signIn = useMutation({
    mutationFn: (typed: { email: string; password: string }) =>
      token === undefined ? api[door].login(typed) : api[door].loginByMail({ token, password: typed.password }),
    onSuccess: () => onSignedIn(door),
  })
  const ended = new URLSearchParams(useSearch()).has(ENDED) && !signIn.isError
  const resend = useMutation({ mutationFn: () => api.resend(email) })
  const words = text.signIn
  return (
    <CardPage
      title={words.title}
      lead={token === undefined ? words.lead[door] : words.mailed}
      foot={
        door === 'client' ? (
          <>
            {words.noAccount} <To href="/sign-up">{words.signUp}</To>
          </>
        ) : (
          words.opsByInvitation
        )
      }
    >
      {ended && <Notice kind="info">{words.ended}</Notice>}
      <DoorSwitch door={door} />
      <Form
        action={words.action}
        busy={signIn.isPending}
        error={isProblem(signIn.error, 'email_not_verified') ? undefined : signIn.error}
        onSubmit={field => {
          setEmail(field('email'))
          signIn.mutate({ email: field('email'), password: field('password') })
        }}
      >
        {token === undefined && <EmailField />}
        <PasswordField />
        {isProblem(signIn.error, 'email_not_verified') && (
          <Notice kind="warn" title={words.notVerified}>
            {resend.isSuccess ? words.sentAgain : words.notVerifiedDetail}
            {!resend.isSuccess && (
              <div>
                <Button variant="default" size="xs" mt="xs" loading={resend.isPending} onClick={() => resend.mutate()}>
                  {words.sendAgain}
                </Button>
              </div>
            )}
          </Notice>
        )}
      </Form>
      <Anchor component={Link} href={door === 'ops' ? '/ops/forgot' : '/forgot'} ta="center" underline="always">
        {words.forgot}
      </Anchor>
    </CardPage>
  )
}
