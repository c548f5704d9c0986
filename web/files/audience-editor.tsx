import { Button, Stack } from '@mantine/core'
import { useState } from 'react'
import { isProblem, type SentFile } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { Notice } from '../ui/notice.tsx'
import { Problem } from '../ui/problem.tsx'
import { AudiencePicker, type Chosen } from './audience-picker.tsx'
import { isOnList, UnknownPeople } from './unknown-people.tsx'
import { useShare } from './use-share.ts'

const chosenOf = ({ everyone, groups, clients }: SentFile['audience']): Chosen => ({
  everyone,
  groups: groups.map(({ id }) => id),
  clients: clients.map(({ email }) => email),
})

/** Changes who may see a file. Whoever is taken out loses it with their next request. */
export const AudienceEditor = ({ file, saved, onSaved }: { file: SentFile; saved: boolean; onSaved: () => void }) => {
  const [audience, setAudience] = useState(() => chosenOf(file.audience))
  const share = useShare(file.id, onSaved)
  const changed = JSON.stringify(audience) !== JSON.stringify(chosenOf(file.audience))
  const unknown = isProblem(share.error, 'unknown_recipient')
  const words = deskText.filePage
  return (
    <Stack>
      <div>{words.audienceDetail}</div>
      <AudiencePicker value={audience} onChange={setAudience} error={isOnList(share.error, audience)}>
        <UnknownPeople
          error={share.error}
          purpose="save"
          value={audience}
          onChange={setAudience}
          onInvite={invite => share.mutate({ audience, invite })}
          busy={share.isPending}
        />
      </AudiencePicker>
      {!unknown && <Problem error={share.error} />}
      {saved && !changed && <Notice kind="ok">{words.audienceSaved}</Notice>}
      <div>
        <Button disabled={!changed} loading={share.isPending} onClick={() => share.mutate({ audience })}>
          {words.saveAudience}
        </Button>
      </div>
    </Stack>
  )
}
