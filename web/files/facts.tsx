import type { SharedFile } from '../api.ts'
import { text } from '../messages/text.ts'
import { formatSize, formatTime } from '../ui/format.ts'
import classes from './facts.module.css'

/** What a file is and where it comes from, the same for both doors. */
export const Facts = ({
  file,
}: {
  file: Pick<SharedFile, 'type' | 'size' | 'uploaded_by' | 'uploaded_at' | 'expires_at' | 'sha256'>
}) => {
  const words = text.files.facts
  return (
    <dl className={classes.facts}>
      <dt>{words.kind}</dt>
      <dd>{`${text.files.types[file.type]}, ${formatSize(file.size)}`}</dd>
      <dt>{words.from}</dt>
      <dd>{`${file.uploaded_by.name} (${file.uploaded_by.email})`}</dd>
      <dt>{words.at}</dt>
      <dd>{formatTime(file.uploaded_at)}</dd>
      {file.expires_at && (
        <>
          <dt>{words.until}</dt>
          <dd>{formatTime(file.expires_at)}</dd>
        </>
      )}
      <dt>{words.sha256}</dt>
      <dd className={classes.hash}>{file.sha256}</dd>
    </dl>
  )
}
