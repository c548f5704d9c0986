import { Button, Group, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type SentFile } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { formatDistance, formatTime } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'
import { Problem } from '../ui/problem.tsx'
import { EndPicker } from './end-picker.tsx'
import { type End, endOfFile, momentOf, wrongWith } from './ends.ts'
import { whoOf } from './event-words.ts'
import { useChangeFile } from './use-change-file.ts'

/** A choice of a new end, told where it cannot be sent. */
const useEnd = (id: string, start: End) => {
  const [end, setEnd] = useState<End>()
  const [tried, setTried] = useState(false)
  const change = useChangeFile(id)
  const chosen = end ?? start
  const wrong = wrongWith(chosen, new Date())
  return {
    chosen,
    isNew: end !== undefined,
    change,
    error: tried && wrong ? deskText.ends.wrong[wrong] : undefined,
    choose: (next: End) => {
      setTried(false)
      change.reset()
      // The day the file ends on now is where a date starts from.
      setEnd(next.choice === 'date' && next.date === '' ? { ...next, date: start.date } : next)
    },
    save: () => {
      if (wrong) return setTried(true)
      change.mutate(
        { expires_at: momentOf(chosen, new Date())?.toISOString() ?? null },
        { onSuccess: () => setEnd(undefined) },
      )
    },
  }
}

/** When an available file ends, and another end for it. */
export const FileEnd = ({ file }: { file: SentFile }) => {
  const { chosen, isNew, change, error, choose, save } = useEnd(file.id, endOfFile(file.expires_at))
  const words = deskText.filePage.until
  return (
    <Stack gap="sm">
      <div>
        {file.expires_at
          ? words.now(formatTime(file.expires_at), formatDistance(file.expires_at, Date.now()))
          : words.none}
      </div>
      <EndPicker label={words.label} value={chosen} onChange={choose} error={error} />
      <Problem error={change.error} />
      {change.isSuccess && !isNew && <Notice kind="ok">{words.saved}</Notice>}
      <div>
        <Button variant="default" disabled={!isNew} loading={change.isPending} onClick={save}>
          {words.save}
        </Button>
      </div>
    </Stack>
  )
}

/** An expired file: until when it can come back, who asked for it, and a new end in one press. */
export const FileOver = ({ file, onBack }: { file: SentFile; onBack: () => void }) => {
  const { chosen, change, error, choose, save } = useEnd(file.id, { choice: 'week', date: '' })
  const asked = useQuery({
    queryKey: ['ops', 'audit', file.id, 'asked'],
    queryFn: () => api.ops.audit({ file: file.id, kind: 'file.asked_for', limit: '20' }),
  })
  // What was asked before an earlier end was answered by that end's extension.
  const since = (asked.data?.items ?? []).filter(({ at }) => file.expires_at === null || at >= file.expires_at)
  const words = deskText.filePage.over
  return (
    <Stack gap="sm">
      <Notice kind="warn" title={words.title}>
        <div>
          {file.expires_at && words.since(formatTime(file.expires_at))}{' '}
          {file.erased_at && words.until(formatTime(file.erased_at))}
        </div>
        {since.map(event => (
          <strong key={event.id} style={{ display: 'block' }}>
            {words.asked(whoOf(event), formatTime(event.at))}
          </strong>
        ))}
      </Notice>
      <EndPicker label={words.label} value={chosen} onChange={choose} error={error} />
      <Problem error={change.error} />
      <Group>
        <Button
          loading={change.isPending}
          onClick={() => {
            onBack()
            save()
          }}
        >
          {words.action}
        </Button>
      </Group>
    </Stack>
  )
}
