import { api, type Delivery } from '../api.ts'
import { text } from '../messages/text.ts'
import { formatSize, formatTime } from '../ui/format.ts'
import { Cell, List, Meta, Table } from '../ui/list.tsx'
import { type Kind, Tag } from '../ui/notice.tsx'
import { usePages } from '../ui/pages.ts'

const kinds: Record<Delivery['state'], Kind | undefined> = {
  offered: undefined,
  opened: 'info',
  partial: 'warn',
  delivered: 'ok',
  withdrawn: 'bad',
}

/** Who may see a file, who has fetched how much of it, who has not. */
export const Deliveries = ({ id }: { id: string }) => {
  const pages = usePages(['ops', 'deliveries', id], query => api.ops.deliveries(id, query))
  const words = text.deliveries
  const row = ({ client, state, bytes_sent, last_download_at, downloads }: Delivery) => (
    <tr key={client.id}>
      <Cell>
        {client.name}
        <Meta>{client.email}</Meta>
        <Meta narrow>{last_download_at && words.last(formatTime(last_download_at))}</Meta>
      </Cell>
      <Cell>
        <Tag kind={kinds[state]}>{words.states[state]}</Tag>
      </Cell>
      <Cell wide>{downloads > 0 ? words.amount(downloads, formatSize(bytes_sent)) : '–'}</Cell>
      <Cell wide>{last_download_at ? formatTime(last_download_at) : '–'}</Cell>
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
