import type { SentFile } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { type Kind, Tag } from '../ui/notice.tsx'
import classes from './delivery-state.module.css'

/** How far a file has come with those it is for, in a word. */
const wordOf = ({ status, audience, deliveries }: SentFile): { kind?: Kind; word: string } => {
  const words = deskText.deliveryState
  const { clients, delivered } = deliveries
  if (status === 'pending') return { kind: 'warn', word: words.pending }
  if (!audience.everyone && audience.groups.length === 0 && audience.clients.length === 0) return { word: words.nobody }
  if (clients === 0) return { word: words.empty }
  if (status === 'expired')
    return { kind: delivered < clients ? 'bad' : undefined, word: words.expired(delivered, clients) }
  if (delivered >= clients) return { kind: 'ok', word: words.all(clients) }
  return delivered === 0
    ? { kind: 'info', word: words.none(clients) }
    : { kind: 'info', word: words.some(delivered, clients) }
}

/** Whether there is somebody who may see it and has not fetched it. */
export const isWaiting = ({ status, deliveries }: SentFile): boolean =>
  status === 'available' && deliveries.delivered < deliveries.clients

/** The state in words, a bar for the eye, and how many were told and have said that they have it. */
export const DeliveryState = ({ file }: { file: SentFile }) => {
  const { kind, word } = wordOf(file)
  const { clients, notified, delivered, confirmed, acknowledged } = file.deliveries
  const words = deskText.deliveryState
  const more = [
    notified > 0 && words.told(notified),
    confirmed > 0 && words.confirmed(confirmed),
    acknowledged > 0 && words.acknowledged(acknowledged),
  ].filter(Boolean)
  return (
    <div className={classes.state}>
      <Tag kind={kind}>{word}</Tag>
      {clients > 1 && file.status !== 'pending' && (
        <div className={classes.bar} aria-hidden="true">
          <div style={{ inlineSize: `${(100 * delivered) / clients}%` }} />
        </div>
      )}
      {more.length > 0 && <div className={classes.more}>{more.join(' · ')}</div>}
    </div>
  )
}
