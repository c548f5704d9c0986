import { Loader, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type MailSummary } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { text } from '../messages/text.ts'
import { formatTime } from '../ui/format.ts'
import { LanguageSwitch } from '../ui/language-switch.tsx'
import { List } from '../ui/list.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { usePages } from '../ui/pages.ts'
import { Problem } from '../ui/problem.tsx'
import { MailText } from './mail-text.tsx'
import classes from './mailbox.module.css'

/** The mails of a server that has no relay yet, on the machine it runs on. New ones appear by themselves. */
export const Mailbox = ({ secret }: { secret: string }) => {
  const words = deskText.mailbox
  return (
    <main className={classes.page}>
      <Stack>
        <PageTitle>{words.title}</PageTitle>
        <Text c="dimmed">{words.lead}</Text>
        {secret === '' ? (
          <Notice kind="warn" title={words.noSecret}>
            {words.noSecretDetail}
          </Notice>
        ) : (
          <Mails secret={secret} />
        )}
        <LanguageSwitch />
      </Stack>
    </main>
  )
}

const Mails = ({ secret }: { secret: string }) => {
  const pages = usePages(['mails'], () => api.mails(secret), {}, { refetchInterval: 2_000 })
  return (
    <List pages={pages} empty={deskText.mailbox.empty}>
      {items => (
        <ul className={classes.mails}>
          {items.map((mail, index) => (
            <Row key={mail.name} mail={mail} secret={secret} newest={index === 0} />
          ))}
        </ul>
      )}
    </List>
  )
}

const Row = ({ mail, secret, newest }: { mail: MailSummary; secret: string; newest: boolean }) => {
  const [open, setOpen] = useState(newest)
  const content = useQuery({
    queryKey: ['mails', mail.name],
    queryFn: () => api.mail(secret, mail.name),
    enabled: open,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <li>
      <details className={classes.mail} open={open} onToggle={event => setOpen(event.currentTarget.open)}>
        <summary>
          {mail.subject}
          <small>{deskText.mailbox.about(mail.to, formatTime(mail.date))}</small>
        </summary>
        {content.isPending && open && <Loader size="sm" m="md" aria-label={text.lists.loading} />}
        <Problem error={content.error} />
        {content.data && (
          <p className={classes.text}>
            <MailText text={content.data.text} />
          </p>
        )}
      </details>
    </li>
  )
}
