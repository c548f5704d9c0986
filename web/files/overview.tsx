import { Button, Loader, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { type AtLeast, api, type Overview, type User } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { text } from '../messages/text.ts'
import { Bars } from '../ui/bars.tsx'
import { formatCount, formatDay, formatSize } from '../ui/format.ts'
import list from '../ui/list.module.css'
import { PageTitle } from '../ui/page-title.tsx'
import { Problem } from '../ui/problem.tsx'
import classes from './overview.module.css'

const ages = ['day', 'week', 'month', 'older'] as const
const NOT_FETCHED = '/ops/files?fetched=not_yet'
const PENDING = '/ops/files?status=pending'

/** How the hand-overs stand: one's own, for administrators all. */
export const OverviewPage = ({ viewer }: { viewer: User }) => {
  const query = useQuery({ queryKey: ['ops', 'overview'], queryFn: api.ops.overview })
  const words = deskText.overview
  return (
    <Stack gap="lg">
      <div>
        <PageTitle>{words.title}</PageTitle>
        <Text c="dimmed">{viewer.admin ? words.scope.all : words.scope.own}</Text>
      </div>
      {query.isPending && <Loader size="sm" aria-label={text.lists.loading} />}
      <Problem error={query.error} />
      {query.data && (isNew(query.data) ? <Empty /> : <Loaded overview={query.data} />)}
    </Stack>
  )
}

/** Nothing is there and nothing happened that could be drawn. */
const isNew = ({ storage, days }: Overview): boolean =>
  storage.files === 0 && days.every(({ handed_over, delivered }) => handed_over + delivered === 0)

const Empty = () => {
  const { title, detail, action } = deskText.overview.empty
  return (
    <div className={list.state}>
      <strong>{title}</strong>
      {detail}
      <div>
        <Button component={Link} href="/ops" mt="md">
          {action}
        </Button>
      </div>
    </div>
  )
}

const sum = (counts: number[]): string => formatCount(counts.reduce((all, one) => all + one, 0))

const Loaded = ({ overview: { days, waiting, expiring, pending, storage } }: { overview: Overview }) => {
  const words = deskText.overview
  return (
    <>
      <Section title={words.days}>
        <Bars
          caption={words.days}
          columns={{ at: words.day, first: words.handedOver, second: words.delivered }}
          legend={[
            `${words.handedOver}: ${sum(days.map(({ handed_over }) => handed_over))}`,
            `${words.delivered}: ${sum(days.map(({ delivered }) => delivered))}`,
          ]}
          bars={days.map(({ day, handed_over, delivered }) => ({
            at: formatDay(day),
            first: handed_over,
            second: delivered,
          }))}
          format={formatCount}
        />
      </Section>
      <Section title={words.waiting} detail={words.waitingDetail}>
        <ul className={classes.tiles}>
          {ages.map(age => (
            <Tile key={age} figure={atLeast(waiting[age])} label={words.ages[age]} href={NOT_FETCHED} />
          ))}
        </ul>
      </Section>
      <Section title={words.notice}>
        <ul className={classes.tiles}>
          <Tile figure={atLeast(expiring)} label={words.expiring} href={NOT_FETCHED} />
          <Tile figure={pending > 0 ? formatCount(pending) : undefined} label={words.pending} href={PENDING} />
          <li>
            <div className={classes.tile}>
              <span className={classes.figure}>{formatSize(storage.bytes)}</span>
              <span className={classes.label}>
                {words.storage(storage.files)}
                {storage.free !== null && <> · {words.free(formatSize(storage.free))}</>}
              </span>
            </div>
          </li>
        </ul>
      </Section>
    </>
  )
}

const Section = ({ title, detail, children }: { title: string; detail?: string; children: ReactNode }) => (
  <Stack component="section" gap="sm" aria-label={title}>
    <div>
      <Title order={2} size="h4">
        {title}
      </Title>
      {detail && (
        <Text c="dimmed" size="sm">
          {detail}
        </Text>
      )}
    </div>
    {children}
  </Stack>
)

/** What is shown of a count; undefined where there is nothing to look at. */
const atLeast = ({ count, more }: AtLeast): string | undefined => {
  if (more) return deskText.overview.atLeast(formatCount(count))
  return count > 0 ? formatCount(count) : undefined
}

/** A figure that leads to the files it counts, or nothing to count. */
const Tile = ({ figure, label, href }: { figure: string | undefined; label: string; href: string }) => {
  const inside = (
    <>
      <span className={classes.figure}>{figure ?? formatCount(0)}</span> <span className={classes.label}>{label}</span>
    </>
  )
  return (
    <li>
      {figure === undefined ? (
        <div className={classes.tile}>{inside}</div>
      ) : (
        <Link href={href} className={classes.tile}>
          {inside}
        </Link>
      )}
    </li>
  )
}
