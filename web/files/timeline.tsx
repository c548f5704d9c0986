import { type AuditEvent, api } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { formatTime } from '../ui/format.ts'
import { List, Meta } from '../ui/list.tsx'
import { usePages } from '../ui/pages.ts'
import { noteOf, sentenceOf } from './event-words.ts'
import classes from './timeline.module.css'

/** What the audit log holds about a file, newest first. It stays when the file is gone. */
export const Timeline = ({ file }: { file: string }) => {
  const pages = usePages(['ops', 'audit', file], query => api.ops.audit({ ...query, file, limit: '30' }))
  const words = deskText.timeline
  const line = (event: AuditEvent) => (
    <li key={event.id}>
      <time dateTime={event.at}>{formatTime(event.at)}</time>
      <div>
        {sentenceOf(event)}
        {noteOf(event) && <q className={classes.note}>{noteOf(event)}</q>}
        {event.count > 1 && <Meta>{words.times(event.count)}</Meta>}
      </div>
    </li>
  )
  return (
    <List pages={pages} empty={words.empty}>
      {events => <ol className={classes.timeline}>{events.map(line)}</ol>}
    </List>
  )
}
