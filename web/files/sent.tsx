import { Button, Loader, Stack, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api, type Handoff } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { text } from '../messages/text.ts'
import { formatTime } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { Problem } from '../ui/problem.tsx'
import { To } from '../ui/to.tsx'
import { Deliveries, useDeliveries } from './deliveries.tsx'
import { DeliveryState } from './delivery-state.tsx'
import { describeAudience } from './describe-audience.ts'
import classes from './handing-over.module.css'

/** Milliseconds between looks: mails leave and people fetch while the page is open. */
const OFTEN = 5_000

/** The result of a hand-over: who is told, who has to come first, and how far each delivery is. */
export const Sent = ({ handoff, onAgain }: { handoff: Handoff; onAgain: () => void }) => {
  const words = deskText.sent
  const [first, ...others] = handoff.files
  return (
    <Stack gap="lg">
      <PageTitle>{words.title}</PageTitle>
      <Notice kind="ok" title={words.done(handoff.files.length)}>
        <div>
          {handoff.notified > 0 ? words.told(handoff.notified) : words.toldNobody}{' '}
          {handoff.expires_at ? `${words.until(formatTime(handoff.expires_at))}.` : `${words.noEnd}.`}
        </div>
        {words.detail}
      </Notice>
      {first && <Invited file={first.id} />}
      {handoff.note && <p className={classes.note}>{handoff.note}</p>}
      {first && <SentDocument id={first.id} name={first.name} open />}
      {others.map(({ id, name }) => (
        <SentDocument key={id} id={id} name={name} />
      ))}
      <div>
        <Button onClick={onAgain}>{words.again}</Button>
      </div>
    </Stack>
  )
}

/** All documents of a hand-over go to the same people: the first one's deliveries tell who is not here yet. */
const Invited = ({ file }: { file: string }) => {
  const pages = useDeliveries(file, OFTEN)
  const names = (pages.data?.pages ?? [])
    .flatMap(({ items }) => items)
    .filter(({ state }) => state === 'invited')
    .map(({ client }) => client.email)
  if (names.length === 0) return null
  return (
    <Notice kind="info" title={deskText.sent.invited(names.join(', '))}>
      {deskText.sent.invitedDetail}
    </Notice>
  )
}

/** One document; `open`: its deliveries are on the page at once. */
const SentDocument = ({ id, name, open = false }: { id: string; name: string; open?: boolean }) => {
  const query = useQuery({
    queryKey: ['ops', 'files', id],
    queryFn: () => api.ops.file(id),
    refetchInterval: OFTEN,
  })
  const words = deskText.sent
  const file = query.data
  return (
    <Stack component="section" gap="xs" aria-label={name}>
      <Title order={2} size="h4">
        <To href={`/ops/files/${id}`}>{name}</To>
      </Title>
      {query.isPending && <Loader size="sm" aria-label={text.lists.loading} />}
      <Problem error={query.error} />
      {file && (
        <>
          {file.status === 'pending' && (
            <Notice kind="warn" title={deskText.filePage.pending.waits}>
              {words.pending}
            </Notice>
          )}
          <div>{words.visibleTo(describeAudience(file.audience))}</div>
          {open ? (
            <Deliveries file={file} fresh={{ often: OFTEN }} />
          ) : (
            <>
              <DeliveryState file={file} />
              <details className={classes.more}>
                <summary>{words.deliveriesOf(name)}</summary>
                <div>
                  <Deliveries file={file} fresh={{}} />
                </div>
              </details>
            </>
          )}
        </>
      )}
    </Stack>
  )
}
