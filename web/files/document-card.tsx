import { Button } from '@mantine/core'
import type { SharedFile } from '../api.ts'
import { text } from '../messages/text.ts'
import { formatSize, formatTime } from '../ui/format.ts'
import { DownloadIcon } from '../ui/icons.tsx'
import { Tag } from '../ui/notice.tsx'
import { Problem } from '../ui/problem.tsx'
import { To } from '../ui/to.tsx'
import classes from './document-card.module.css'
import { TypeBadge } from './type-badge.tsx'
import { useDownload } from './use-download.ts'

/** One document as its recipient sees it, with the one button that matters. */
export const DocumentCard = ({ file }: { file: SharedFile }) => {
  const download = useDownload()
  const words = text.documents
  return (
    <li className={classes.card}>
      <TypeBadge type={file.type} />
      <div className={classes.about}>
        <div className={classes.name}>
          <To href={`/documents/${file.id}`}>{file.name}</To>{' '}
          {file.status !== 'available' && <Tag kind="warn">{text.files.status[file.status]}</Tag>}
        </div>
        <div className={classes.meta}>
          {words.from(file.uploaded_by.name)} · {formatSize(file.size)} · {formatTime(file.uploaded_at)}
          {file.expires_at && <> · {words.until(formatTime(file.expires_at))}</>}
        </div>
      </div>
      {file.status === 'available' && (
        <Button
          leftSection={<DownloadIcon />}
          loading={download.isPending}
          onClick={() => download.mutate(file.id)}
          aria-label={words.downloadNamed(file.name)}
        >
          {words.download}
        </Button>
      )}
      {download.isError && (
        <div className={classes.problem}>
          <Problem error={download.error} />
        </div>
      )}
    </li>
  )
}
