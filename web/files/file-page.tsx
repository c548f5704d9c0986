import { Button, Loader, Stack, Title } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useLocation } from 'wouter'
import { api, isProblem, type SentFile } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { text } from '../messages/text.ts'
import { AskButton } from '../ui/ask-button.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { Problem } from '../ui/problem.tsx'
import { To } from '../ui/to.tsx'
import { AudienceEditor } from './audience-editor.tsx'
import { Deliveries } from './deliveries.tsx'
import { DeliveryState, isWaiting } from './delivery-state.tsx'
import { Facts } from './facts.tsx'
import { FileEnd, FileOver } from './file-end.tsx'
import { Findings } from './findings.tsx'
import classes from './handing-over.module.css'
import { Pending } from './pending.tsx'
import { Remind } from './remind.tsx'
import { TellMe } from './tell-me.tsx'
import { Timeline } from './timeline.tsx'

type Page = { id: string; onHandOver: (file: SentFile) => void }

/** One handed-over file: what it is, who may see it, who has it, until when, and what happened to it. */
export const FilePage = ({ id, onHandOver }: Page) => {
  const query = useQuery({ queryKey: ['ops', 'files', id], queryFn: () => api.ops.file(id) })
  // Deleted while the page was open: what is still in memory is no longer true.
  const gone = isProblem(query.error, 'not_found')
  return (
    <Stack gap="lg">
      <To href="/ops/files">{deskText.filePage.back}</To>
      {query.isPending && <Loader size="sm" aria-label={text.lists.loading} />}
      {query.isError && !gone && (
        <>
          {!query.data && <PageTitle>{deskText.filePage.title}</PageTitle>}
          <Problem error={query.error} />
        </>
      )}
      {gone && <Gone id={id} />}
      {query.data && !gone && <Loaded file={query.data} onHandOver={() => onHandOver(query.data)} />}
    </Stack>
  )
}

/** The log outlives the file: whoever comes late can read what became of it. */
const Gone = ({ id }: { id: string }) => (
  <>
    <PageTitle>{deskText.filePage.gone}</PageTitle>
    <Notice kind="warn">{deskText.filePage.goneDetail}</Notice>
    <Section title={deskText.filePage.timeline}>
      <Timeline file={id} />
    </Section>
  </>
)

/** Uploaded and not handed over, or withdrawn from everybody: handing over replaces who may see it, and here that is nobody. */
const isForNobody = ({ audience: { everyone, groups, clients } }: SentFile): boolean =>
  !everyone && groups.length === 0 && clients.length === 0

const Loaded = ({ file, onHandOver }: { file: SentFile; onHandOver: () => void }) => {
  const [saved, setSaved] = useState(false)
  const [revived, setRevived] = useState(false)
  const words = deskText.filePage
  // `Pending` says that already.
  const findings = file.findings.filter(({ code }) => code !== 'scan_unavailable')
  return (
    <>
      <Stack gap="xs">
        <PageTitle>{file.name}</PageTitle>
        <DeliveryState file={file} />
      </Stack>
      {file.status !== 'expired' && isForNobody(file) && (
        <div>
          <Button onClick={onHandOver}>{words.handOver}</Button>
        </div>
      )}
      {file.status === 'pending' && <Pending file={file} />}
      {file.status === 'expired' && <FileOver file={file} onBack={() => setRevived(true)} />}
      {revived && file.status !== 'expired' && <Notice kind="ok">{words.over.done}</Notice>}
      <Facts file={file} />
      {file.note && (
        <Section title={words.note}>
          <p className={classes.note}>{file.note}</p>
        </Section>
      )}
      <Section title={words.findings}>
        {findings.length === 0 ? <Notice kind="ok">{words.clean}</Notice> : <Findings findings={findings} />}
      </Section>
      <Section title={words.deliveries}>
        {isWaiting(file) && (
          <div>
            <Remind file={file.id} clients="all" label={deskText.reminders.all} />
          </div>
        )}
        <Deliveries file={file} />
        <TellMe file={file} />
      </Section>
      <Section title={words.audience}>
        {/* A new audience from elsewhere starts the editor anew. */}
        <AudienceEditor key={JSON.stringify(file.audience)} file={file} saved={saved} onSaved={() => setSaved(true)} />
      </Section>
      {file.status !== 'expired' && (
        <Section title={words.until.title}>
          <FileEnd file={file} />
        </Section>
      )}
      <Section title={words.timeline}>
        <Timeline file={file.id} />
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
  const words = deskText.filePage
  return (
    <>
      <div>{words.endDetail}</div>
      <AskButton
        danger
        label={words.delete}
        title={words.deleteTitle(file.name)}
        action={words.deleteAction}
        act={async () => {
          try {
            await api.ops.deleteFile(file.id)
          } catch (error) {
            // Gone already, from elsewhere: what was wanted.
            if (!isProblem(error, 'not_found')) throw error
          }
        }}
        onDone={leave}
      >
        {words.deleteDetail}
      </AskButton>
    </>
  )
}
