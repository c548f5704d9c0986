import { useMutation } from '@tanstack/react-query'
import { api, type Role } from '../api.ts'
import { text } from '../messages/text.ts'
import { CardPage } from '../ui/card-page.tsx'
import { EmailField, Form } from '../ui/form.tsx'
import { Notice } from '../ui/notice.tsx'
import { To } from '../ui/to.tsx'

/** Asks for a mail with a link to choose a new password; the answer is the same for every address. */
export const Forgot = ({ door }: { door: Role }) => {
  const forgot = useMutation({ mutationFn: api[door].forgot })
  const words = text.forgot
  return (
    <CardPage
      title={words.title}
      lead={forgot.isSuccess ? undefined : words.lead}
      foot={<To href={door === 'ops' ? '/ops/sign-in' : '/sign-in'}>{words.back}</To>}
    >
      {forgot.isSuccess ? (
        <Notice kind="ok" title={words.sent(forgot.variables)}>
          {words.sentDetail}
        </Notice>
      ) : (
        <Form
          action={words.action}
          busy={forgot.isPending}
          error={forgot.error}
          onSubmit={field => forgot.mutate(field('email'))}
        >
          <EmailField />
        </Form>
      )}
    </CardPage>
  )
}
