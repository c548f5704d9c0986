import { Button, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { api, type Client, type SharedFile } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { text } from '../messages/text.ts'
import { formatSize, formatTime } from '../ui/format.ts'
import { List } from '../ui/list.tsx'
import { Notice, Tag } from '../ui/notice.tsx'
import { usePages } from '../ui/pages.ts'
import { Search, useSearch } from '../ui/search.tsx'
import classes from './as-client.module.css'
import cards from './document-card.module.css'
import { TypeBadge } from './type-badge.tsx'

/** A client's list as the client sees it, on request: each look is recorded. */
export const AsClient = ({ client, all }: { client: Client; all: boolean }) => {
  const [looking, setLooking] = useState(false)
  const words = deskText.client.view
  return (
    <Stack gap="sm">
      <Text c="dimmed">
        {words.lead} {!all && words.own}
      </Text>
      <div>
        <Button variant="default" aria-expanded={looking} onClick={() => setLooking(!looking)}>
          {looking ? words.close : words.action}
        </Button>
      </div>
      {looking && <View client={client} />}
    </Stack>
  )
}

const View = ({ client }: { client: Client }) => {
  const { typed, setTyped, q } = useSearch()
  // By hand only: reading it again by itself would be another look.
  const pages = usePages(['ops', 'as-client', client.id], query => api.ops.asClient(client.id, query), q ? { q } : {}, {
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })
  const words = deskText.client.view
  return (
    <section className={classes.frame} aria-label={words.frame(client.name)}>
      <div className={classes.mark}>{words.frame(client.name)}</div>
      <Stack className={classes.inside}>
        {client.disabled && <Notice kind="warn">{words.disabled}</Notice>}
        <Search label={text.documents.search} typed={typed} onType={setTyped} />
        <List pages={pages} empty={words.empty} searched={q !== ''}>
          {items => (
            <ul className={cards.list}>
              {items.map(file => (
                <Card key={file.id} file={file} />
              ))}
            </ul>
          )}
        </List>
      </Stack>
    </section>
  )
}

/** The client's card without what only the client can do with it. */
const Card = ({ file }: { file: SharedFile }) => {
  const words = text.documents
  const { delivered_at } = file.delivery
  return (
    <li className={cards.card}>
      <TypeBadge type={file.type} />
      <div className={cards.about}>
        <div className={cards.name}>
          {file.name} {file.status !== 'available' && <Tag kind="warn">{text.files.status[file.status]}</Tag>}
        </div>
        <div className={cards.meta}>
          {words.from(file.uploaded_by.name)} · {formatSize(file.size)} · {formatTime(file.uploaded_at)}
          {file.expires_at && <> · {`${text.files.facts.until} ${formatTime(file.expires_at)}`}</>}
        </div>
        <div className={cards.meta}>
          {delivered_at ? deskText.client.view.fetched(formatTime(delivered_at)) : deskText.client.view.notFetched}
        </div>
        {file.note && <div className={classes.note}>{file.note}</div>}
      </div>
    </li>
  )
}
