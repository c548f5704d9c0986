import { type ReactNode, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { useSignOut } from './accounts/sign-out.ts'
import { useMe } from './accounts/use-me.ts'
import type { User } from './api.ts'
import { useEvents } from './events.ts'
import { text } from './messages/text.ts'
import classes from './ops-shell.module.css'
import {
  ChartIcon,
  ClockIcon,
  ExitIcon,
  FilesIcon,
  GroupIcon,
  Logo,
  MailIcon,
  PeopleIcon,
  SendIcon,
  ShieldIcon,
  SlidersIcon,
} from './ui/icons.tsx'
import { LanguageSwitch } from './ui/language-switch.tsx'
import { Problem } from './ui/problem.tsx'
import { SkipLink } from './ui/skip-link.tsx'

const places = [
  { href: '/ops', title: text.nav.send, icon: <SendIcon /> },
  { href: '/ops/overview', title: text.nav.overview, icon: <ChartIcon /> },
  { href: '/ops/files', title: text.nav.files, icon: <FilesIcon /> },
  { href: '/ops/clients', title: text.nav.clients, icon: <PeopleIcon /> },
  { href: '/ops/groups', title: text.nav.groups, icon: <GroupIcon /> },
  { href: '/ops/invitations', title: text.nav.invitations, icon: <MailIcon /> },
  { href: '/ops/team', title: text.nav.team, icon: <PeopleIcon />, admin: true },
  { href: '/ops/audit', title: text.nav.audit, icon: <ClockIcon /> },
  { href: '/ops/settings', title: text.nav.settings, icon: <SlidersIcon />, admin: true },
  { href: '/ops/sessions', title: text.nav.sessions, icon: <ShieldIcon /> },
]

/** A dense console with a side bar, folded away on phones. Nothing of it shows before there is a session. */
export const OpsShell = ({ children }: { children: (user: User) => ReactNode }) => {
  const { user, error } = useMe('ops')
  const signOut = useSignOut('ops')
  useEvents('ops', user !== undefined)
  const [path] = useLocation()
  const [open, setOpen] = useState(false)
  const isHere = (href: string) => path === href || (href !== '/ops' && path.startsWith(`${href}/`))
  return (
    <>
      <SkipLink />
      <div className={classes.shell}>
        <header className={classes.side}>
          <div className={classes.inner}>
            <div className={classes.top}>
              <Link href="/ops" className={classes.brand}>
                <Logo />
                {text.product}
              </Link>
              <button
                type="button"
                className={classes.menu}
                aria-expanded={open}
                aria-controls="fold"
                onClick={() => setOpen(!open)}
              >
                {text.nav.menu}
              </button>
            </div>
            {user && (
              <div id="fold" className={classes.fold} data-open={open}>
                <nav className={classes.nav} aria-label={text.nav.label}>
                  {places
                    .filter(({ admin }) => !admin || user.admin)
                    .map(({ href, title, icon }) => (
                      <Link
                        key={href}
                        href={href}
                        aria-current={isHere(href) ? 'page' : undefined}
                        onClick={() => setOpen(false)}
                      >
                        {icon}
                        {title}
                      </Link>
                    ))}
                </nav>
                <div className={classes.me}>
                  <div className={classes.who}>
                    {user.name}
                    <small>{user.email}</small>
                  </div>
                  <button
                    type="button"
                    className={classes.leave}
                    onClick={() => signOut.mutate()}
                    disabled={signOut.isPending}
                  >
                    <ExitIcon />
                    {text.actions.signOut}
                  </button>
                  <LanguageSwitch />
                </div>
              </div>
            )}
          </div>
        </header>
        <main id="content" tabIndex={-1} className={classes.main}>
          <Problem error={error ?? signOut.error} />
          {user && children(user)}
        </main>
      </div>
    </>
  )
}
