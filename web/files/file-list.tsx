import { Stack } from '@mantine/core'
import { useEffect } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { api, type SentFile } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { text } from '../messages/text.ts'
import { formatSize, formatTime } from '../ui/format.ts'
import { Cell, List, Meta, Table } from '../ui/list.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { usePages } from '../ui/pages.ts'
import { Search, useSearch } from '../ui/search.tsx'
import { To } from '../ui/to.tsx'
import { DeliveryState, isWaiting } from './delivery-state.tsx'
import { describeAudience } from './describe-audience.ts'
import { addressOf, FileFilters, filterOf, queryOf } from './file-filters.tsx'
import { Remind } from './remind.tsx'

/** Everything uploaded, newest first, with how far it has come. Filter and search stand in the page's address. */
export const FileList = () => {
  const [search] = useSearchParams()
  const [, navigate] = useLocation()
  const filter = filterOf(search)
  const { typed, setTyped, q } = useSearch(search.get('q') ?? '')
  const pages = usePages(['ops', 'files'], api.ops.files, queryOf(filter, q))
  const words = deskText.fileList
  const inAddress = search.get('q') ?? ''
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is typed moves the address, not the other way round.
  useEffect(() => {
    if (q !== inAddress) navigate(addressOf(filter, q), { replace: true })
  }, [q])
  const row = (file: SentFile) => (
    <tr key={file.id}>
      <Cell>
        <To href={`/ops/files/${file.id}`}>{file.name}</To>
        <Meta>
          {file.type.toUpperCase()} · {formatSize(file.size)} · {file.uploaded_by.name}
        </Meta>
        {file.expires_at && file.status !== 'expired' && (
          <Meta>{deskText.sent.until(formatTime(file.expires_at))}</Meta>
        )}
        <Meta narrow>
          {describeAudience(file.audience)} · {formatTime(file.uploaded_at)}
        </Meta>
      </Cell>
      <Cell>
        <DeliveryState file={file} />
      </Cell>
      <Cell wide>{describeAudience(file.audience)}</Cell>
      <Cell wide>{formatTime(file.uploaded_at)}</Cell>
      <Cell>
        {isWaiting(file) && (
          <Remind
            file={file.id}
            clients="all"
            label={deskText.reminders.remind}
            about={deskText.reminders.remindAbout(file.name)}
          />
        )}
      </Cell>
    </tr>
  )
  return (
    <Stack>
      <PageTitle>{words.title}</PageTitle>
      <Search label={words.search} typed={typed} onType={setTyped} />
      <FileFilters filter={filter} q={q} />
      <List pages={pages} empty={filter === 'all' ? words.empty : words.noMatch[filter]} searched={q !== ''}>
        {items => (
          <Table
            caption={words.title}
            columns={[
              { title: words.name },
              { title: words.deliveries, width: '21%' },
              { title: words.audience, wide: true, width: '27%' },
              { title: words.at, wide: true, width: '7.5rem' },
              { title: text.lists.actions, hidden: true, width: '8rem' },
            ]}
          >
            {items.map(row)}
          </Table>
        )}
      </List>
    </Stack>
  )
}
