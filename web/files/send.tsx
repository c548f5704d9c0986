import { Button, Paper, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import type { SentFile } from '../api.ts'
import { text } from '../messages/text.ts'
import { Notice } from '../ui/notice.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { AudiencePicker, isNobody, nobody } from './audience-picker.tsx'
import { DropZone } from './drop-zone.tsx'
import { useIsLeavingOut } from './leave-out.ts'
import { Sent } from './sent.tsx'
import { ShareProblem } from './share-problem.tsx'
import { UnfinishedUploads } from './unfinished.tsx'
import classes from './upload-row.module.css'
import { UploadRow } from './upload-row.tsx'
import { useShare } from './use-share.ts'
import { useUploads } from './use-uploads.ts'

/** Handing over documents: drop them, read the verdict, choose who gets them, send. */
export const Send = () => {
  const { uploads, add, remove, clear } = useUploads()
  const [audience, setAudience] = useState(nobody)
  const [sent, setSent] = useState<SentFile[]>([])
  const share = useShare(setSent)
  const accepted = uploads.flatMap(one => (one.state === 'accepted' ? [one.file] : []))
  const underWay = uploads.some(({ state }) => ['waiting', 'sending', 'lost', 'checking'].includes(state))
  const leavingOut = useIsLeavingOut()
  const words = text.send

  if (sent.length > 0)
    return (
      <Sent
        files={sent}
        onAgain={() => {
          clear()
          share.reset()
          setAudience(nobody)
          setSent([])
        }}
      />
    )
  return (
    <Stack gap="lg">
      <div>
        <PageTitle>{words.title}</PageTitle>
        <Text c="dimmed" mt={4}>
          {words.lead}
        </Text>
      </div>
      <DropZone onFiles={add} />
      <UnfinishedUploads running={uploads.flatMap(one => ('file' in one ? [one.file.id] : (one.id ?? [])))} />
      {uploads.length > 0 && (
        <ul className={classes.list} aria-label={words.list}>
          {uploads.map(one => (
            <UploadRow key={one.key} upload={one} onRemove={() => remove(one.key)} />
          ))}
        </ul>
      )}
      {accepted.length > 0 && (
        <Paper bd="1px solid var(--line)" p="lg" bg="var(--card)">
          <Stack>
            <Title order={2} size="h4">
              {words.who}
            </Title>
            <AudiencePicker value={audience} onChange={setAudience} />
            <ShareProblem error={share.error} />
            {underWay && <Notice kind="info">{words.waitForAll}</Notice>}
            <div>
              <Button
                disabled={isNobody(audience) || underWay || leavingOut}
                loading={share.isPending}
                onClick={() => share.mutate({ ids: accepted.map(({ id }) => id), audience })}
              >
                {words.action(accepted.length)}
              </Button>
            </div>
            <Text c="dimmed" size="sm">
              {words.later}
            </Text>
          </Stack>
        </Paper>
      )}
    </Stack>
  )
}
