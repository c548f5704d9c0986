import { api, type Delivery, type SentFile } from '../api.ts'
import { text } from '../messages/text.ts'
import { formatSize, formatTime } from '../ui/format.ts'
import { Cell, List, Meta, Table } from '../ui/list.tsx'
import { type Kind, Tag } from '../ui/notice.tsx'
import { usePages } from '../ui/pages.ts'

const kinds: Record<Delivery['state'], Kind | undefined> = {
  invited: undefined,
  offered: undefined,
  notified: undefined,
  opened: 'info',
  partial: 'warn',
  delivered: 'ok',
  confirmed: 'ok',
  acknowledged: 'ok',
  expired: 'bad',
  withdrawn: 'bad',
}

/**
 * Whether a client who has the file may no longer see it. `delivered` does not tell (server/files/deliveries.ts); the audience
 * does where it names each client, and not where a group or everyone stands for them.
 */
const isShutOut = ({ everyone, groups, clients }: SentFile['audience'], client: string): boolean =>
  !everyone && groups.length === 0 && clients.every(({ id }) => id !== client)

/** Who may see a file, who has fetched how much of it, who has not. */
export const Deliveries = ({ file: { id, audience } }: { file: SentFile }) => {
  const pages = usePages(['ops', 'deliveries', id], query => api.ops.deliveries(id, query))
  const words = text.deliveries
  const row = ({ client, state, bytes_sent, last_download_at, downloads }: Delivery) => (
    <tr key={client.id}>
      <Cell>
        {client.name}
        <Meta>{client.email}</Meta>
        {downloads > 0 && <Meta narrow>{words.amount(downloads, formatSize(bytes_sent))}</Meta>}
        <Meta narrow>{last_download_at && words.last(formatTime(last_download_at))}</Meta>
      </Cell>
      <Cell>
        {state === 'delivered' && isShutOut(audience, client.id) ? (
          <Tag kind="warn">{words.deliveredOnce}</Tag>
        ) : (
          <Tag kind={kinds[state]}>{words.states[state]}</Tag>
        )}
      </Cell>
      <Cell wide whole>
        {downloads > 0 ? words.amount(downloads, formatSize(bytes_sent)) : '–'}
      </Cell>
      <Cell wide whole>
        {last_download_at ? formatTime(last_download_at) : '–'}
      </Cell>
    </tr>
  )
  return (
    <List pages={pages} empty={words.empty}>
      {items => (
        <Table
          caption={words.title}
          columns={[
            { title: words.client },
            { title: words.state },
            { title: words.fetched, wide: true },
            { title: words.lastColumn, wide: true },
          ]}
        >
          {items.map(row)}
        </Table>
      )}
    </List>
  )
}
