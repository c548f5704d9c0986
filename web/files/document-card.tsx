import { Button } from '@mantine/core'
import type { SharedFile } from '../api.ts'
import { text } from '../messages/text.ts'
import { formatDistance, formatSize, formatTime } from '../ui/format.ts'
import { DownloadIcon } from '../ui/icons.tsx'
import { Notice, Tag } from '../ui/notice.tsx'
import { Problem } from '../ui/problem.tsx'
import { To } from '../ui/to.tsx'
import { AskAgain } from './ask-again.tsx'
import { isNew, stateOf } from './describe-document.ts'
import classes from './document-card.module.css'
import { Had } from './had.tsx'
import { TypeBadge } from './type-badge.tsx'
import { useDownload } from './use-download.ts'

/** One document as its recipient sees it, with the one button that matters. */
export const DocumentCard = ({ listed }: { listed: SharedFile }) => {
  const { file, download, gone, error } = useDownload(listed)
  const words = text.documents
  const state = stateOf(file)
  const end = file.expires_at && formatDistance(file.expires_at, file.as_of)
  return (
    <li className={classes.card} data-new={isNew(file)}>
      <TypeBadge type={file.type} />
      <div className={classes.about}>
        <div className={classes.name}>
          <To href={`/documents/${file.id}`}>{file.name}</To> {isNew(file) && <Tag kind="info">{words.isNew}</Tag>}
          {state !== 'available' && <Tag kind="warn">{text.files.status[state]}</Tag>}
        </div>
        <div className={classes.meta}>
          {words.from(file.uploaded_by.name)} · <span className={classes.whole}>{formatSize(file.size)}</span> ·{' '}
          <span className={classes.whole}>{formatTime(file.uploaded_at)}</span>
        </div>
        {end && <div className={classes.meta}>{state === 'expired' ? words.ended(end) : words.ends(end)}</div>}
        <Had file={file} />
      </div>
      {state === 'available' && !gone && (
        <Button
          leftSection={<DownloadIcon />}
          variant={isNew(file) ? 'filled' : 'default'}
          loading={download.isPending}
          onClick={() => download.mutate()}
          aria-label={words.downloadNamed(file.name)}
        >
          {words.download}
        </Button>
      )}
      {state === 'pending' && <div className={classes.wide}>{words.notAvailable.pending}</div>}
      {state === 'expired' && (
        <div className={classes.wide}>
          <p>{words.notAvailable.expired}</p>
          <AskAgain file={file} />
        </div>
      )}
      {gone && (
        <div className={classes.wide}>
          <Notice kind="warn" title={words.gone.title}>
            {words.gone.detail(file.uploaded_by.name, file.uploaded_by.email)}
          </Notice>
        </div>
      )}
      {download.isSuccess && !gone && file.delivery.delivered_at === null && (
        <div className={classes.wide} role="status">
          {words.started}
        </div>
      )}
      {Boolean(error) && !gone && (
        <div className={classes.wide}>
          <Problem error={error} />
        </div>
      )}
    </li>
  )
}
