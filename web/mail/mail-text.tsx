import { Anchor } from '@mantine/core'
import { Fragment } from 'react'
import { deskText } from '../messages/desk-text.ts'

/** A mail's text, in which addresses of this very server can be followed. In a new tab, so that the mailbox stays. */
export const MailText = ({ text }: { text: string }) =>
  text.split(/(https?:\/\/\S+)/).map((part, index) => {
    const ours = URL.canParse(part) && new URL(part).origin === window.location.origin
    return (
      // A mail never changes, so neither do the places of its parts.
      // biome-ignore lint/suspicious/noArrayIndexKey: parts repeat and have nothing else to tell them apart
      <Fragment key={index}>
        {ours ? (
          <Anchor href={part} target="_blank" rel="noopener" underline="always" title={deskText.mailbox.newTab}>
            {part}
          </Anchor>
        ) : (
          part
        )}
      </Fragment>
    )
  })
