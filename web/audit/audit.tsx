import { NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { auditKinds } from '../../contract/audit.ts'
import { type AuditEvent, api } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { formatTime } from '../ui/format.ts'
import { List } from '../ui/list.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { usePages } from '../ui/pages.ts'
import { To } from '../ui/to.tsx'
import classes from './audit.module.css'
import { actorOf, detailsOf, fileOf, subjectOf } from './describe.ts'

const words = deskText.audit
const choices = [
  { value: '', label: words.everyKind },
  ...auditKinds.map(kind => ({ value: kind, label: words.kinds[kind] })).sort((a, b) => a.label.localeCompare(b.label)),
]

/** Midnight, by the reader's clock, of a day as an input gives it (`2026-01-31`); undefined for half a date. */
const midnight = (day: string): string | undefined => {
  const at = new Date(`${day}T00:00`)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}

/** What happened, newest first: of one's own files, for administrators all. */
export const Audit = () => {
  const [kind, setKind] = useState('')
  const [day, setDay] = useState('')
  const since = midnight(day)
  const query = { ...(kind && { kind }), ...(since && { since }) }
  const filtered = Object.keys(query).length > 0
  const pages = usePages(['ops', 'audit'], api.ops.audit, query)
  return (
    <Stack>
      <PageTitle>{words.title}</PageTitle>
      <Text c="dimmed">{words.lead}</Text>
      <div className={classes.filters}>
        <NativeSelect
          label={words.kind}
          data={choices}
          value={kind}
          onChange={event => setKind(event.currentTarget.value)}
        />
        <TextInput type="date" label={words.since} value={day} onChange={event => setDay(event.currentTarget.value)} />
      </div>
      <List pages={pages} empty={filtered ? words.noMatch : words.empty}>
        {items => (
          <ol className={classes.timeline} aria-label={words.title}>
            {items.map(event => (
              <Entry key={event.id} event={event} />
            ))}
          </ol>
        )}
      </List>
    </Stack>
  )
}

const Entry = ({ event }: { event: AuditEvent }) => {
  const [subject, file] = [subjectOf(event), fileOf(event)]
  return (
    <li className={classes.entry}>
      <time dateTime={event.at}>{formatTime(event.at)}</time>
      <div className={classes.what}>
        <span className={classes.kind}>{words.kinds[event.kind]}</span>
        {subject !== undefined && (
          <> · {file === undefined ? subject : <To href={`/ops/files/${file}`}>{subject}</To>}</>
        )}
        <div className={classes.more}>{[actorOf(event), ...detailsOf(event)].join(' · ')}</div>
      </div>
    </li>
  )
}
