import { Button } from '@mantine/core'
import { useState } from 'react'
import { deskText } from '../messages/desk-text.ts'
import type { Chosen } from './audience-picker.tsx'
import { describeAudience } from './describe-audience.ts'
import classes from './handing-over.module.css'
import { forgetRecent, type Recent, readRecent } from './recent-audiences.ts'

const nameOf = ({ everyone, groups, clients }: Recent): string =>
  describeAudience({ everyone, groups, clients: clients.map(({ id, name }) => ({ id, email: name })) })

/** The last audiences of this account in this browser: one press chooses one of them. */
export const RecentPeople = ({ account, onChoose }: { account: string; onChoose: (chosen: Chosen) => void }) => {
  const [recent, setRecent] = useState(() => readRecent(account))
  const words = deskText.recent
  if (recent.length === 0) return null
  return (
    <section className={classes.recent} aria-label={words.title}>
      <span>{words.title}</span>
      {recent.map(one => (
        <Button
          key={JSON.stringify(one)}
          size="compact-sm"
          variant="light"
          className={classes.wrapping}
          onClick={() =>
            onChoose({
              everyone: one.everyone,
              groups: one.groups.map(({ id }) => id),
              clients: one.clients.map(({ name }) => name),
            })
          }
        >
          {nameOf(one)}
        </Button>
      ))}
      <Button
        size="compact-sm"
        variant="subtle"
        title={words.detail}
        onClick={() => {
          forgetRecent(account)
          setRecent([])
        }}
      >
        {words.forget}
      </Button>
    </section>
  )
}
