import { Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useMe } from '../accounts/use-me.ts'
import type { Handoff } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { PageTitle } from '../ui/page-title.tsx'
import { DropZone } from './drop-zone.tsx'
import { type Draft, emptyDraft, HandOverForm } from './hand-over-form.tsx'
import { useIsLeavingOut } from './leave-out.ts'
import { Sent } from './sent.tsx'
import { UnfinishedUploads } from './unfinished.tsx'
import classes from './upload-row.module.css'
import { UploadRow } from './upload-row.tsx'
import { useHandOver } from './use-hand-over.ts'
import { useUploads } from './use-uploads.ts'

/** A hand-over in the making. It outlives its page, so that looking something up elsewhere loses nothing. */
export const useInHand = () => {
  const [draft, setDraft] = useState<Draft>(emptyDraft)
  return { ...useUploads(), draft, setDraft }
}

export type InHand = ReturnType<typeof useInHand>

/** Handing over documents: drop them, read the verdict, choose who gets them, send. */
export const Send = ({ inHand }: { inHand: InHand }) => {
  const account = useMe('ops').user?.id ?? ''
  const { uploads, add, remove, clear, draft, setDraft } = inHand
  const [done, setDone] = useState<Handoff>()
  const handOver = useHandOver(account, made => {
    clear()
    setDraft(emptyDraft)
    setDone(made)
  })
  const accepted = uploads.flatMap(one => (one.state === 'accepted' ? [one.file] : []))
  const underWay = uploads.some(({ state }) => ['waiting', 'sending', 'lost', 'checking'].includes(state))
  const leavingOut = useIsLeavingOut()
  const gone = handOver.data && 'gone' in handOver.data ? handOver.data.gone : []
  const words = deskText.send

  if (done)
    return (
      <Sent
        handoff={done}
        onAgain={() => {
          handOver.reset()
          setDone(undefined)
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
      {(accepted.length > 0 || underWay) && (
        <>
          <HandOverForm
            account={account}
            draft={draft}
            onDraft={setDraft}
            count={accepted.length}
            waiting={underWay || leavingOut}
            busy={handOver.isPending}
            error={handOver.error}
            gone={accepted.filter(({ id }) => gone.includes(id)).map(({ name }) => name)}
            onSend={wish => handOver.mutate({ ...wish, files: accepted.map(({ id }) => id) })}
          />
          <Text c="dimmed" size="sm">
            {words.later}
          </Text>
        </>
      )}
    </Stack>
  )
}
