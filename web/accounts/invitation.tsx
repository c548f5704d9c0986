import { useMutation, useQuery } from '@tanstack/react-query'
import { api, isProblem, type Role } from '../api.ts'
import { text } from '../messages/text.ts'
import { CardPage } from '../ui/card-page.tsx'
import { EmailField, Form, NameField, PasswordField } from '../ui/form.tsx'
import { Notice } from '../ui/notice.tsx'
import { To } from '../ui/to.tsx'
import { DeadLink } from './dead-link.tsx'
import { NoToken } from './no-token.tsx'

/** Accepting an invitation makes the account, verifies its address and signs in. */
export const AcceptInvitation = ({ token, onSignedIn }: { token: string; onSignedIn: (door: Role) => void }) => {
  const accept = useMutation({
    mutationFn: api.acceptInvitation,
    onSuccess: ({ user }) => onSignedIn(user.role),
  })
  const offer = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => api.invitation(token),
    enabled: token !== '',
    // Once: whatever came of it, nothing may take the form away from under somebody who types.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
  const words = text.acceptInvitation
  if (token === '') return <NoToken title={words.title} />
  const error = accept.error ?? offer.error
  if (isProblem(error, 'conflict'))
    return (
      <CardPage title={words.title}>
        <Notice kind="info" title={words.here}>
          <To href="/sign-in">{text.signIn.action}</To>
        </Notice>
      </CardPage>
    )
  if (isProblem(error, 'invalid_token'))
    return (
      <DeadLink title={words.title} used={words.used}>
        {words.tooOld}
      </DeadLink>
    )
  if (offer.isPending)
    return (
      <CardPage title={words.title}>
        <div role="status">{text.lists.loading}</div>
      </CardPage>
    )
  // Without an answer there is still the form: accepting says what is the matter.
  const by = offer.data ? words.by[offer.data.role](offer.data.invited_by.name) : words.by.unknown
  return (
    <CardPage title={words.title} lead={`${by} ${words.lead}`}>
      <Form
        action={words.action}
        busy={accept.isPending}
        error={accept.error}
        onSubmit={field => accept.mutate({ token, name: field('name'), password: field('password') })}
      >
        {offer.data && <EmailField fixed={offer.data.email} />}
        <NameField />
        <PasswordField fresh />
      </Form>
    </CardPage>
  )
}
