import { Button } from '@mantine/core'
import type { SharedFile } from '../api.ts'
import { text } from '../messages/text.ts'
import { formatDistance, formatSize } from '../ui/format.ts'
import { DownloadIcon } from '../ui/icons.tsx'
import { Notice, Tag } from '../ui/notice.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { Problem } from '../ui/problem.tsx'
import { AskAgain } from './ask-again.tsx'
import { CheckCopy } from './check-copy.tsx'
import { isNew, stateOf } from './describe-document.ts'
import classes from './document-sheet.module.css'
import { Facts } from './facts.tsx'
import { Findings } from './findings.tsx'
import { History } from './history.tsx'
import { Received } from './received.tsx'
import { useDownload } from './use-download.ts'

/** One document: its sender's words, what is worth knowing about it, its download and what comes after. */
export const DocumentSheet = ({ shown, withdrawn }: { shown: SharedFile; withdrawn: boolean }) => {
  const { file, download, gone, error } = useDownload(shown)
  const words = text.documents
  const state = stateOf(file)
  const { name: sender, email } = file.uploaded_by
  const over = withdrawn || gone
  return (
    <>
      <div>
        <PageTitle>{file.name}</PageTitle>
        <p className={classes.lead}>
          {words.from(sender)} · {formatSize(file.size)}
          {file.expires_at && state === 'available' && !over && (
            <> · {words.ends(formatDistance(file.expires_at, file.as_of))}</>
          )}{' '}
          {isNew(file) && !over && <Tag kind="info">{words.isNew}</Tag>}
        </p>
      </div>
      {over && (
        <Notice kind="warn" title={words.gone.title}>
          {words.gone.detail(sender, email)}
        </Notice>
      )}
      {file.note && (
        <figure className={classes.note}>
          <figcaption>{words.writes(sender)}</figcaption>
          <blockquote>{file.note}</blockquote>
        </figure>
      )}
      {!over && <Findings findings={file.findings} />}
      {!over && state === 'available' && (
        <div className={classes.fetch}>
          <Button
            size="md"
            leftSection={<DownloadIcon />}
            loading={download.isPending}
            onClick={() => download.mutate()}
          >
            {words.download}
          </Button>
          {download.isSuccess && <p role="status">{words.started}</p>}
        </div>
      )}
      {!over && state === 'pending' && (
        <Notice kind="warn" title={text.files.status.pending}>
          {words.notAvailable.pending}
        </Notice>
      )}
      {!over && state === 'expired' && (
        <Notice kind="warn" title={text.files.status.expired}>
          <p className={classes.said}>{words.notAvailable.expired}</p>
          <AskAgain file={file} />
        </Notice>
      )}
      {!over && <Problem error={error} />}
      {!over && <Received file={file} />}
      {!over && state !== 'pending' && <CheckCopy file={file} />}
      <section className={classes.part}>
        <h2>{words.factsTitle}</h2>
        <Facts file={file} />
      </section>
      {!over && <History file={file} />}
    </>
  )
}
