import { Button, Loader, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMe } from '../accounts/use-me.ts'
import { isProblem } from '../api.ts'
import { text } from '../messages/text.ts'
import { Notice } from '../ui/notice.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { Problem } from '../ui/problem.tsx'
import { To } from '../ui/to.tsx'
import { DocumentSheet } from './document-sheet.tsx'
import { sharedFile } from './use-download.ts'

/** The page of one document: loading, refused, withdrawn while it was open, or the document. */
export const Document = ({ id }: { id: string }) => {
  const query = useQuery(sharedFile(id))
  const { user } = useMe('client', { stay: true })
  const words = text.documents
  const missing = isProblem(query.error, 'not_found')
  const file = query.data
  return (
    <Stack>
      <To href="/documents">{words.back}</To>
      {query.isPending && (
        <>
          <PageTitle>{words.oneTitle}</PageTitle>
          <Loader size="sm" aria-label={text.lists.loading} />
        </>
      )}
      {!file && query.isError && (
        <>
          <PageTitle>{words.oneTitle}</PageTitle>
          {missing ? (
            <Notice kind="bad" title={words.missing.title}>
              {words.missing.detail(user?.email ?? '')}
            </Notice>
          ) : (
            <>
              <Problem error={query.error} />
              <div>
                <Button variant="default" loading={query.isFetching} onClick={() => query.refetch()}>
                  {text.actions.retry}
                </Button>
              </div>
            </>
          )}
        </>
      )}
      {file && <DocumentSheet shown={file} withdrawn={missing} />}
    </Stack>
  )
}
