import { Button, Loader } from '@mantine/core'
import type { ReactNode } from 'react'
import { text } from '../messages/text.ts'
import classes from './list.module.css'
import type { Pages } from './pages.ts'
import { Problem } from './problem.tsx'

type Props<T> = {
  pages: Pages<T>
  /** What to say when there is nothing, or (`searched`) nothing that matches. */
  empty: { title: string; detail?: string }
  searched?: boolean
  children: (items: T[]) => ReactNode
}

/** Every list's states: loading, failed, empty, no match, and its rows with more on request. */
export const List = <T,>({ pages, empty, searched, children }: Props<T>) => {
  if (pages.isPending)
    return (
      <div className={classes.state} role="status">
        <Loader size="sm" aria-hidden />
        <div>{text.lists.loading}</div>
      </div>
    )
  if (pages.isError)
    return (
      <div>
        <Problem error={pages.error} />
        <Button mt="md" variant="default" loading={pages.isFetching} onClick={() => pages.refetch()}>
          {text.actions.retry}
        </Button>
      </div>
    )
  const items = pages.data.pages.flatMap(page => page.items)
  if (items.length === 0) {
    const { title, detail } = searched ? text.lists.noMatch : empty
    return (
      <div className={classes.state}>
        <strong>{title}</strong>
        {detail}
      </div>
    )
  }
  return (
    <>
      {children(items)}
      {pages.hasNextPage && (
        <Button mt="md" variant="default" loading={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
          {text.lists.more}
        </Button>
      )}
    </>
  )
}

/** `width`: a share of the table, in CSS. */
type Column = { title: string; end?: boolean; wide?: boolean; hidden?: boolean; width?: string }

/**
 * A table whose `wide` columns leave narrow screens; their content stands again, in small, in the first cell. What does not fit
 * beside that cell there stands below it.
 */
export const Table = ({ caption, columns, children }: { caption: string; columns: Column[]; children: ReactNode }) => (
  <div className={classes.frame}>
    <table className={classes.table}>
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ title, end, wide, hidden, width }) => (
            <th key={title} scope="col" className={classOf({ end, wide })} style={{ width }}>
              {hidden ? <span className="visually-hidden">{title}</span> : title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
)

type Place = { end?: boolean; wide?: boolean; whole?: boolean }

/** `whole`: never broken over two lines, for dates and figures. */
export const Cell = ({ children, ...place }: Place & { children: ReactNode }) => (
  <td className={classOf(place)}>{children}</td>
)

/** The small second line of a row; `narrow`: only where the columns that say it are not shown. */
export const Meta = ({ narrow, children }: { narrow?: boolean; children: ReactNode }) => (
  <div className={[classes.meta, narrow ? classes.narrow : ''].join(' ')}>{children}</div>
)

const classOf = ({ end, wide, whole }: Place): string | undefined =>
  [end && classes.end, wide && classes.wide, whole && classes.whole].filter(Boolean).join(' ') || undefined
