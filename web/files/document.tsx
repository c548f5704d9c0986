import { Button, Loader, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api } from '../api.ts'
import { text } from '../messages/text.ts'
import { DownloadIcon } from '../ui/icons.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { Problem } from '../ui/problem.tsx'
import { To } from '../ui/to.tsx'
import { Facts } from './facts.tsx'
import { Findings } from './findings.tsx'
import { useDownload } from './use-download.ts'

/** One document: what it is, what is worth knowing about it, and its download. */
export const Document = ({ id }: { id: string }) => {
  const query = useQuery({ queryKey: ['client', 'files', id], queryFn: () => api.client.file(id) })
  const download = useDownload()
  const words = text.documents
  const file = query.data
  return (
    <Stack>
      <To href="/documents">{words.back}</To>
      {query.isPending && <Loader size="sm" aria-label={text.lists.loading} />}
      {query.isError && (
        <>
          <PageTitle>{words.oneTitle}</PageTitle>
          <Problem error={query.error} />
        </>
      )}
      {file && (
        <>
          <PageTitle>{file.name}</PageTitle>
          {file.status === 'available' ? (
            <div>
              <Button
                size="md"
                leftSection={<DownloadIcon />}
                loading={download.isPending}
                onClick={() => download.mutate(file.id)}
              >
                {words.download}
              </Button>
            </div>
          ) : (
            <Notice kind="warn" title={text.files.status[file.status]}>
              {words.notAvailable[file.status]}
            </Notice>
          )}
          <Problem error={download.error} />
          <Findings findings={file.findings} />
          <Facts file={file} />
        </>
      )}
    </Stack>
  )
}
