import { Checkbox } from '@mantine/core'
import type { SentFile } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { Problem } from '../ui/problem.tsx'
import { useChangeFile } from './use-change-file.ts'

/** Whether the uploader gets a mail when a client has fetched it for the first time; takes effect at once. */
export const TellMe = ({ file }: { file: SentFile }) => {
  const change = useChangeFile(file.id)
  return (
    <div>
      <Checkbox
        label={deskText.filePage.tellMe}
        description={deskText.filePage.tellMeDetail(file.uploaded_by.name)}
        checked={change.isPending ? (change.variables.tell_me ?? file.tell_me) : file.tell_me}
        onChange={event => change.mutate({ tell_me: event.currentTarget.checked })}
      />
      <Problem error={change.error} />
    </div>
  )
}
