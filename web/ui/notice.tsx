import type { ReactNode } from 'react'
import classes from './notice.module.css'

export type Kind = 'ok' | 'warn' | 'bad' | 'info'

/** Something that happened or that is worth knowing, on the page itself; refusals interrupt a screen reader, the rest waits. */
export const Notice = ({ kind, title, children }: { kind: Kind; title?: string; children?: ReactNode }) => (
  <div className={classes.notice} data-kind={kind} role={kind === 'bad' ? 'alert' : 'status'}>
    {title && <p className={classes.title}>{title}</p>}
    {children && <div className={classes.body}>{children}</div>}
  </div>
)

/** A state in a word or two. */
export const Tag = ({ kind, children }: { kind?: Kind; children: ReactNode }) => (
  <span className={classes.tag} data-kind={kind}>
    {children}
  </span>
)
