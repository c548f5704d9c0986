import type { ReactNode } from 'react'
import { text } from '../messages/text.ts'
import { CardPage } from '../ui/card-page.tsx'
import { Notice } from '../ui/notice.tsx'
import { To } from '../ui/to.tsx'

type Props = {
  title: string
  /** A question to whoever has used it already; signing in is the way on. */
  used: string
  /** What to do when it was never used. */
  children: ReactNode
}

/** The page of a mailed link whose token is refused. */
export const DeadLink = ({ title, used, children }: Props) => (
  <CardPage title={title}>
    <Notice kind="bad" title={text.problems.byCode.invalid_token?.title}>
      <div>
        {used} <To href="/sign-in">{text.signIn.action}</To>
      </div>
      <div>{children}</div>
    </Notice>
  </CardPage>
)
