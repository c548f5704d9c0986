import { api, type Delivery, type SentFile } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { text } from '../messages/text.ts'
import { formatSize, formatTime } from '../ui/format.ts'
import { Cell, List, Meta, Table } from '../ui/list.tsx'
import { type Kind, Tag } from '../ui/notice.tsx'
import { usePages } from '../ui/pages.ts'
import { Remind } from './remind.tsx'

const kinds: Record<Delivery['state'], Kind | undefined> = {
  invited: undefined,
  offered: undefined,
  notified: 'info',
  opened: 'info',
  partial: 'warn',
  delivered: 'ok',
  confirmed: 'ok',
  acknowledged: 'ok',
  expired: 'bad',
  withdrawn: 'bad',
}

/** Who can be reminded one by one: they may see it, can sign in, and have not fetched it. */
const canBeReminded = ({ granted, state }: Delivery): boolean =>
  granted && (state === 'offered' || state === 'notified' || state === 'opened' || state === 'partial')

/** The list of a file's deliveries; `often`: looked at again every so many milliseconds. */
export const useDeliveries = (id: string, often?: number) =>
  usePages(['ops', 'deliveries', id], query => api.ops.deliveries(id, query), {}, { refetchInterval: often })

type Props = {
  file: SentFile
  /** Just handed over: looked at every so many milliseconds, and nobody is reminded of what they are being told. */
  fresh?: { often?: number }
}

/** Who may see a file, who was told, who has fetched how much of it, who has not. */
export const Deliveries = ({ file: { id, status }, fresh }: Props) => {
  const pages = useDeliveries(id, fresh?.often)
  const words = deskText.deliveries
  const row = (delivery: Delivery) => {
    const { client, state, granted, bytes_sent, last_download_at, downloads } = delivery
    const took = granted || state === 'withdrawn'
    const name = client.name || client.email
    return (
      <tr key={client.id}>
        <Cell>
          {name}
          {client.name && <Meta>{client.email}</Meta>}
          {downloads > 0 && <Meta narrow>{words.amount(downloads, formatSize(bytes_sent))}</Meta>}
          {last_download_at && <Meta narrow>{words.last(formatTime(last_download_at))}</Meta>}
        </Cell>
        <Cell>
          <Tag kind={took ? kinds[state] : 'warn'}>
            {took ? words.states[state] : words.withdrawnAfter(words.states[state])}
          </Tag>
          <Times delivery={delivery} />
        </Cell>
        <Cell wide>
          {downloads > 0 ? (
            <>
              {words.amount(downloads, formatSize(bytes_sent))}
              {last_download_at && <Meta>{words.last(formatTime(last_download_at))}</Meta>}
            </>
          ) : (
            '–'
          )}
        </Cell>
        <Cell>
          {!fresh && status === 'available' && canBeReminded(delivery) && (
            <Remind
              file={id}
              clients={[client.id]}
              label={deskText.reminders.remind}
              about={deskText.reminders.remindNamed(name)}
            />
          )}
        </Cell>
      </tr>
    )
  }
  return (
    <List pages={pages} empty={words.empty}>
      {items => (
        <Table
          caption={words.title}
          columns={[
            { title: words.client },
            { title: words.state },
            { title: words.fetched, wide: true },
            { title: text.lists.actions, hidden: true, width: '11rem' },
          ]}
        >
          {items.map(row)}
        </Table>
      )}
    </List>
  )
}

/** What happened when; the state itself says the furthest. */
const Times = ({ delivery }: { delivery: Delivery }) => {
  const words = deskText.deliveries.times
  const lines = [
    [words.notified, delivery.notified_at],
    [words.reminded, delivery.reminded_at],
    [words.delivered, delivery.delivered_at],
    [words.confirmed, delivery.confirmed_at],
    [words.acknowledged, delivery.acknowledged_at],
    [words.asked, delivery.asked_at],
  ] as const
  return lines.map(([say, at]) => at && <Meta key={say('')}>{say(formatTime(at))}</Meta>)
}
