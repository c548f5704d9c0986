import { Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { text } from '../messages/text.ts'
import classes from './card-page.module.css'
import { Logo } from './icons.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import { PageTitle } from './page-title.tsx'

type Props = { title: string; lead?: string; foot?: ReactNode; children: ReactNode }

/** One card with one thing to do: everything before somebody is signed in. */
export const CardPage = ({ title, lead, foot, children }: Props) => (
  <div className={classes.page}>
    <header className={classes.brand}>
      <Logo />
      {text.product}
    </header>
    <main className={classes.card}>
      <Stack>
        <div>
          <PageTitle>{title}</PageTitle>
          {lead && (
            <Text c="dimmed" mt={4}>
              {lead}
            </Text>
          )}
        </div>
        {children}
      </Stack>
    </main>
    <footer className={classes.foot}>
      {foot && <div>{foot}</div>}
      <LanguageSwitch />
    </footer>
  </div>
)
