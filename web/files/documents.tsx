import { Stack } from '@mantine/core'
import { api } from '../api.ts'
import { text } from '../messages/text.ts'
import { List } from '../ui/list.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { usePages } from '../ui/pages.ts'
import { Search, useSearch } from '../ui/search.tsx'
import { Arriving } from './arriving.tsx'
import classes from './document-card.module.css'
import { DocumentCard } from './document-card.tsx'

/** What was shared with this client, newest first. `arriving`: the download they came for before signing in. */
export const Documents = ({ arriving }: { arriving?: string }) => {
  const { typed, setTyped, q } = useSearch()
  const pages = usePages(['client', 'files'], api.client.files, q ? { q } : {})
  const words = text.documents
  // Nobody searches among nothing.
  const some = typed !== '' || q !== '' || pages.data?.pages.some(({ items }) => items.length > 0)
  return (
    <Stack>
      <PageTitle>{words.title}</PageTitle>
      {arriving && <Arriving path={arriving} />}
      {some && <Search label={words.search} typed={typed} onType={setTyped} />}
      <List pages={pages} empty={words.empty} searched={q !== ''}>
        {items => (
          <ul className={classes.list}>
            {items.map(file => (
              <DocumentCard key={file.id} listed={file} />
            ))}
          </ul>
        )}
      </List>
    </Stack>
  )
}
