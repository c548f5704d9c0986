import type { SharedFile } from '../api.ts'
import { text } from '../messages/text.ts'
import { formatSize, formatTime } from '../ui/format.ts'
import classes from './document-card.module.css'

/** How far a document has come with its reader, in a quiet line; nothing while it is new. */
export const Had = ({ file: { delivery, size } }: { file: SharedFile }) => {
  const words = text.documents.had
  const { acknowledged_at, delivered_at, bytes_sent } = delivery
  const line =
    acknowledged_at !== null
      ? words.acknowledged(formatTime(acknowledged_at))
      : delivered_at !== null
        ? words.delivered(formatTime(delivered_at))
        : bytes_sent > 0
          ? words.partly(formatSize(bytes_sent), formatSize(size))
          : undefined
  if (line === undefined) return null
  return (
    <div className={classes.had}>
      {delivered_at !== null && <span aria-hidden="true">✓ </span>}
      {line}
    </div>
  )
}
