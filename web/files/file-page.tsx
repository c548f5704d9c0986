import { Loader, Stack, Title } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useLocation } from 'wouter'
import { api, type SentFile } from '../api.ts'
import { text } from '../messages/text.ts'
import { AskButton } from '../ui/ask-button.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { Problem } from '../ui/problem.tsx'
import { To } from '../ui/to.tsx'
import { AudienceEditor } from './audience-editor.tsx'
import { Deliveries } from './deliveries.tsx'
import { Facts } from './facts.tsx'
import { Findings } from './findings.tsx'
import { Pending } from './pending.tsx'

/** One handed-over file: what it is, who may see it, who has it, and its end. */
export const FilePage = ({ id }: { id: string }) => {
  const query = useQuery({ queryKey: ['ops', 'files', id], queryFn: () => api.ops.file(id) })
  return (
    <Stack gap="lg">
      <To href="/ops/files">{text.filePage.back}</To>
      {query.isPending && <Loader size="sm" aria-label={text.lists.loading} />}
      {query.isError && (
        <>
          <PageTitle>{text.filePage.title}</PageTitle>
          <Problem error={query.error} />
        </>
      )}
      {query.data && <Loaded file={query.data} />}
    </Stack>
  )
}

const Loaded = ({ file }: { file: SentFile }) => {
  const [saved, setSaved] = useState(false)
  const words = text.filePage
  // `Pending` says that already.
  const findings = file.findings.filter(({ code }) => code !== 'scan_unavailable')
  return (
    <>
      <PageTitle>{file.name}</PageTitle>
      {file.status === 'pending' && <Pending file={file} />}
      {file.status === 'expired' && <Notice kind="warn" title={text.files.status.expired} />}
      <Facts file={file} />
      <Section title={words.findings}>
        {findings.length === 0 ? <Notice kind="ok">{words.clean}</Notice> : <Findings findings={findings} />}
      </Section>
      <Section title={words.audience}>
        {/* A new audience from elsewhere starts the editor anew. */}
        <AudienceEditor key={JSON.stringify(file.audience)} file={file} saved={saved} onSaved={() => setSaved(true)} />
      </Section>
      <Section title={words.deliveries}>
        <Deliveries file={file} />
      </Section>
      <Section title={words.end}>
        <Delete file={file} />
      </Section>
    </>
  )
}

const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <Stack component="section" gap="sm" aria-label={title}>
    <Title order={2} size="h4">
      {title}
    </Title>
    {children}
  </Stack>
)

const Delete = ({ file }: { file: SentFile }) => {
  const [, navigate] = useLocation()
  const queries = useQueryClient()
  const leave = () => {
    navigate('/ops/files', { replace: true })
    queries.removeQueries({ queryKey: ['ops', 'files', file.id] })
    return queries.invalidateQueries({ queryKey: ['ops', 'files'] })
  }
  const words = text.filePage
  return (
    <>
      <div>{words.endDetail}</div>
      <AskButton
        danger
        label={words.delete}
        title={words.deleteTitle(file.name)}
        action={words.deleteAction}
        act={() => api.ops.deleteFile(file.id)}
        onDone={leave}
      >
        {words.deleteDetail}
      </AskButton>
    </>
  )
}
