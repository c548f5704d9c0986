import { api, type HistoryEntry, type SharedFile } from '../api.ts'
import { text } from '../messages/text.ts'
import { formatSize, formatTime } from '../ui/format.ts'
import { List } from '../ui/list.tsx'
import { usePages } from '../ui/pages.ts'
import classes from './document-sheet.module.css'

/** What the reader did with a document, newest first, in words. */
export const History = ({ file: { id, delivery } }: { file: SharedFile }) => {
  const { acknowledged_at, confirmed_at, last_download_at, delivered_at, asked_at } = delivery
  // Another history with everything that happens.
  const stage = [acknowledged_at, confirmed_at, last_download_at, delivered_at, asked_at].join()
  const pages = usePages<HistoryEntry>(['client', 'files', id, 'history', stage], query =>
    api.client.history(id, query),
  )
  const words = text.documents.history
  return (
    <section className={classes.part}>
      <h2>{words.title}</h2>
      <List pages={pages} empty={words.empty}>
        {items => (
          <ul className={classes.history}>
            {items.map(({ at, kind, bytes_sent }) => (
              <li key={`${at} ${kind}`}>
                <span>
                  {words.kinds[kind]}
                  {kind === 'download_ended' && bytes_sent !== null && <> {words.bytes(formatSize(bytes_sent))}</>}
                </span>
                <time dateTime={at}>{formatTime(at)}</time>
              </li>
            ))}
          </ul>
        )}
      </List>
    </section>
  )
}
