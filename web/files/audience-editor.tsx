import { Button, Stack } from '@mantine/core'
import { useState } from 'react'
import type { SentFile } from '../api.ts'
import { text } from '../messages/text.ts'
import { Notice } from '../ui/notice.tsx'
import { AudiencePicker, type Chosen } from './audience-picker.tsx'
import { ShareProblem } from './share-problem.tsx'
import { useShare } from './use-share.ts'

const chosenOf = ({ everyone, groups, clients }: SentFile['audience']): Chosen => ({
  everyone,
  groups: groups.map(({ id }) => id),
  clients: clients.map(({ email }) => email),
})

/** Changes who may see a file. Whoever is taken out loses it with their next request. */
export const AudienceEditor = ({ file, saved, onSaved }: { file: SentFile; saved: boolean; onSaved: () => void }) => {
  const [audience, setAudience] = useState(() => chosenOf(file.audience))
  const share = useShare(onSaved)
  const changed = JSON.stringify(audience) !== JSON.stringify(chosenOf(file.audience))
  return (
    <Stack>
      <AudiencePicker value={audience} onChange={setAudience} />
      <ShareProblem error={share.error} />
      {saved && !changed && <Notice kind="ok">{text.filePage.audienceSaved}</Notice>}
      <div>
        <Button
          disabled={!changed}
          loading={share.isPending}
          onClick={() => share.mutate({ ids: [file.id], audience })}
        >
          {text.filePage.saveAudience}
        </Button>
      </div>
    </Stack>
  )
}
