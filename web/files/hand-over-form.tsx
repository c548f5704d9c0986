import { Button, Checkbox, Paper, Stack, Title } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { isProblem, type NewHandoff, ProblemError } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { Notice } from '../ui/notice.tsx'
import { Problem } from '../ui/problem.tsx'
import { AudiencePicker, type Chosen, isNobody, nobody } from './audience-picker.tsx'
import { EndPicker } from './end-picker.tsx'
import { type End, momentOf, noEnd, wrongWith } from './ends.ts'
import classes from './handing-over.module.css'
import { NoteField } from './note-field.tsx'
import { cleanNote, excessOf } from './note-length.ts'
import { RecentPeople } from './recent-people.tsx'
import { isOnList, UnknownPeople } from './unknown-people.tsx'

/** What somebody has entered of a hand-over; it outlives every refusal. */
export type Draft = { audience: Chosen; note: string; end: End; notify: boolean; tellMe: boolean }
export const emptyDraft: Draft = { audience: nobody, note: '', end: noEnd, notify: true, tellMe: false }

type Wish = Omit<NewHandoff, 'files'> & { invite: string[] }

type Props = {
  account: string
  draft: Draft
  onDraft: (draft: Draft) => void
  /** How many documents are ready. */
  count: number
  /** Some are not, or one is being taken back. */
  waiting: boolean
  busy: boolean
  error: unknown
  /** Names of documents that were deleted meanwhile. */
  gone: string[]
  onSend: (wish: Wish) => void
}

/** What the server said of single fields. */
const fieldErrors = (error: unknown): ReadonlyMap<string, string> =>
  new Map(
    isProblem(error, 'invalid_request')
      ? (error.problem.errors ?? []).map(({ where, message }) => [where.split(/[/.]/).at(-1) ?? where, message])
      : [],
  )

/**
 * Who, words and end, then Send. No form of the browser's: Enter in a field never sends. What is wrong stands at its field and
 * gets the focus.
 */
export const HandOverForm = ({ account, draft, onDraft, count, waiting, busy, error, gone, onSend }: Props) => {
  const [tried, setTried] = useState(0)
  const place = useRef<HTMLDivElement>(null)
  const words = deskText.send
  const now = new Date()
  const server = fieldErrors(error)
  const stillThere = isOnList(error, draft.audience)
  const wrongEnd = wrongWith(draft.end, now)
  const wrong = {
    audience: tried > 0 && isNobody(draft.audience) ? words.noOne : server.get('audience'),
    end: tried > 0 && wrongEnd ? deskText.ends.wrong[wrongEnd] : server.get('expires_at'),
    note: server.get('note'),
  }
  const known = ['audience', 'expires_at', 'note'].some(name => server.has(name))
  const ready = !isNobody(draft.audience) && wrongEnd === undefined && excessOf(draft.note) <= 0

  // biome-ignore lint/correctness/useExhaustiveDependencies: each press that did not go through, and each refusal, leads there.
  useEffect(() => {
    place.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [tried, error])

  const send = (invite: string[]) => {
    if (!ready) return setTried(tried + 1)
    const note = cleanNote(draft.note)
    const end = momentOf(draft.end, now)
    onSend({
      audience: draft.audience,
      ...(note === '' ? {} : { note }),
      expires_at: end?.toISOString() ?? null,
      notify: draft.notify,
      tell_me: draft.tellMe,
      invite,
    })
  }
  return (
    <Paper ref={place} bd="1px solid var(--line)" p="lg" bg="var(--card)">
      <Stack>
        <Title order={2} size="h4">
          {words.who}
        </Title>
        <RecentPeople account={account} onChoose={audience => onDraft({ ...draft, audience })} />
        <AudiencePicker
          value={draft.audience}
          onChange={audience => onDraft({ ...draft, audience })}
          error={wrong.audience ?? stillThere}
        >
          <UnknownPeople
            error={error}
            purpose="send"
            value={draft.audience}
            onChange={audience => onDraft({ ...draft, audience })}
            onInvite={send}
            busy={busy}
          />
        </AudiencePicker>
        <Title order={2} size="h4" mt="xs">
          {words.words}
        </Title>
        <NoteField value={draft.note} onChange={note => onDraft({ ...draft, note })} error={wrong.note} />
        <EndPicker label={words.end} value={draft.end} onChange={end => onDraft({ ...draft, end })} error={wrong.end} />
        <Checkbox
          label={words.notify}
          description={words.notifyDetail}
          checked={draft.notify}
          onChange={event => onDraft({ ...draft, notify: event.currentTarget.checked })}
        />
        <Checkbox
          label={words.tellMe}
          description={words.tellMeDetail}
          checked={draft.tellMe}
          onChange={event => onDraft({ ...draft, tellMe: event.currentTarget.checked })}
        />
        {gone.length > 0 && <Notice kind="bad" title={words.gone(gone.join(', '))} />}
        <Refusal error={stillThere || known ? undefined : error} />
        {((tried > 0 && !ready) || stillThere || known) && <Notice kind="warn">{words.mend}</Notice>}
        {waiting && <Notice kind="info">{words.waitForAll}</Notice>}
        <div className={classes.sending}>
          <Button disabled={waiting || count === 0} loading={busy} onClick={() => send([])}>
            {words.action(Math.max(1, count))}
          </Button>
        </div>
      </Stack>
    </Paper>
  )
}

/** An answer that did not come may have been a yes. */
const Refusal = ({ error }: { error: unknown }) => {
  if (isProblem(error, 'unknown_recipient')) return null
  return error instanceof ProblemError && error.code === 'offline' ? (
    <Notice kind="bad" title={deskText.send.unsure}>
      {deskText.send.unsureDetail}
    </Notice>
  ) : (
    <Problem error={error} />
  )
}
