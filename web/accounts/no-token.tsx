import { text } from '../messages/text.ts'
import { CardPage } from '../ui/card-page.tsx'
import { Notice } from '../ui/notice.tsx'
import { To } from '../ui/to.tsx'

/** A page that only a mailed link opens, opened without one: reloaded, typed by hand, or cut off by a mail program. */
export const NoToken = ({ title }: { title: string }) => (
  <CardPage title={title} foot={<To href="/sign-in">{text.signIn.action}</To>}>
    <Notice kind="warn" title={text.noToken.title}>
      {text.noToken.detail}
    </Notice>
  </CardPage>
)
