import { Loader, Stack, Title } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Fragment } from 'react'
import { api, type Client, type User } from '../api.ts'
import { AsClient } from '../files/as-client.tsx'
import facts from '../files/facts.module.css'
import { deskText } from '../messages/desk-text.ts'
import { text } from '../messages/text.ts'
import { AskButton } from '../ui/ask-button.tsx'
import { formatTime } from '../ui/format.ts'
import { Tag } from '../ui/notice.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { Problem } from '../ui/problem.tsx'
import { To } from '../ui/to.tsx'

/** One client: who they are, what they see, and whether they may come in. */
export const ClientPage = ({ id, viewer }: { id: string; viewer: User }) => {
  const query = useQuery({ queryKey: ['ops', 'clients', id], queryFn: () => api.ops.client(id) })
  const words = deskText.client
  return (
    <Stack gap="lg">
      <To href="/ops/clients">{words.back}</To>
      {query.isPending && <Loader size="sm" aria-label={text.lists.loading} />}
      {query.isError && (
        <>
          <PageTitle>{words.title}</PageTitle>
          <Problem error={query.error} />
        </>
      )}
      {query.data && (
        <>
          <PageTitle>{query.data.name}</PageTitle>
          <Facts client={query.data} />
          <Stack component="section" gap="sm" aria-label={words.view.title}>
            <Title order={2} size="h4">
              {words.view.title}
            </Title>
            <AsClient client={query.data} all={viewer.admin} />
          </Stack>
          {viewer.admin && <Disable client={query.data} />}
        </>
      )}
    </Stack>
  )
}

const Facts = ({ client }: { client: Client }) => {
  const words = deskText.client
  return (
    <dl className={facts.facts}>
      <dt>{words.facts.email}</dt>
      <dd>{client.email}</dd>
      <dt>{words.facts.since}</dt>
      <dd>{formatTime(client.created_at)}</dd>
      <dt>{words.facts.state}</dt>
      <dd>
        {client.disabled ? (
          <Tag kind="bad">{words.states.disabled}</Tag>
        ) : client.email_verified ? (
          <Tag kind="ok">{words.states.enabled}</Tag>
        ) : (
          <Tag kind="warn">{words.states.unverified}</Tag>
        )}
      </dd>
      <dt>{words.facts.groups}</dt>
      <dd>
        {client.groups.length === 0 && words.noGroups}
        {client.groups.map(({ id, name }, index) => (
          <Fragment key={id}>
            {index > 0 && ', '}
            <To href={`/ops/groups/${id}`}>{name}</To>
          </Fragment>
        ))}
      </dd>
    </dl>
  )
}

const Disable = ({ client }: { client: Client }) => {
  const queries = useQueryClient()
  const words = deskText.client
  const { id, name, disabled } = client
  return (
    <AskButton
      danger={!disabled}
      label={disabled ? words.enable : words.disable}
      title={disabled ? words.enableTitle(name) : words.disableTitle(name)}
      action={disabled ? words.enableAction : words.disableAction}
      act={() => api.ops.disableClient(id, !disabled)}
      onDone={() => queries.invalidateQueries({ queryKey: ['ops', 'clients'] })}
    >
      {disabled ? words.enableDetail : words.disableDetail}
    </AskButton>
  )
}
