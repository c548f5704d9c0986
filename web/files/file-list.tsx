import { Stack } from '@mantine/core'
import { api, type SentFile } from '../api.ts'
import { text } from '../messages/text.ts'
import { formatSize, formatTime } from '../ui/format.ts'
import { Cell, List, Meta, Table } from '../ui/list.tsx'
import { Tag } from '../ui/notice.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { usePages } from '../ui/pages.ts'
import { Search, useSearch } from '../ui/search.tsx'
import { To } from '../ui/to.tsx'
import { describeAudience } from './describe-audience.ts'

/** Everything handed over, newest first. */
export const FileList = () => {
  const { typed, setTyped, q } = useSearch()
  const pages = usePages(['ops', 'files'], api.ops.files, q ? { q } : {})
  const words = text.fileList
  const row = (file: SentFile) => (
    <tr key={file.id}>
      <Cell>
        <To href={`/ops/files/${file.id}`}>{file.name}</To>{' '}
        {file.status !== 'available' && <Tag kind="warn">{text.files.status[file.status]}</Tag>}
        <Meta>
          {file.type.toUpperCase()} · {formatSize(file.size)} · {file.uploaded_by.name}
        </Meta>
        <Meta narrow>
          {describeAudience(file.audience)} · {formatTime(file.uploaded_at)}
        </Meta>
      </Cell>
      <Cell wide>{describeAudience(file.audience)}</Cell>
      <Cell wide whole>
        {formatTime(file.uploaded_at)}
      </Cell>
    </tr>
  )
  return (
    <Stack>
      <PageTitle>{words.title}</PageTitle>
      <Search label={words.search} typed={typed} onType={setTyped} />
      <List pages={pages} empty={words.empty} searched={q !== ''}>
        {items => (
          <Table
            caption={words.title}
            columns={[
              { title: words.name },
              { title: words.audience, wide: true, width: '36%' },
              { title: words.at, wide: true, width: '11rem' },
            ]}
          >
            {items.map(row)}
          </Table>
        )}
      </List>
    </Stack>
  )
}
