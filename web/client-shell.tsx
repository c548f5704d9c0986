import type { ReactNode } from 'react'
import { Link, useRoute } from 'wouter'
import { useSignOut } from './accounts/sign-out.ts'
import { useMe } from './accounts/use-me.ts'
import classes from './client-shell.module.css'
import { useEvents } from './events.ts'
import { text } from './messages/text.ts'
import { Logo } from './ui/icons.tsx'
import { LanguageSwitch } from './ui/language-switch.tsx'
import { Problem } from './ui/problem.tsx'
import { SkipLink } from './ui/skip-link.tsx'

const Item = ({ href, children }: { href: string; children: string }) => {
  const [here] = useRoute(`${href}/*?`)
  return (
    <Link href={href} aria-current={here ? 'page' : undefined}>
      {children}
    </Link>
  )
}

/** A calm single column, phone first. Nothing of it shows before there is a session. */
export const ClientShell = ({ children }: { children: ReactNode }) => {
  const { user, error } = useMe('client')
  useEvents('client', user !== undefined)
  const signOut = useSignOut('client')
  return (
    <>
      <SkipLink />
      <header className={classes.bar}>
        <div className={classes.inner}>
          <Link href="/documents" className={classes.brand}>
            <Logo />
            {text.product}
          </Link>
          {user && (
            <>
              <nav className={classes.nav} aria-label={text.nav.label}>
                <Item href="/documents">{text.nav.documents}</Item>
                <Item href="/links">{text.nav.links}</Item>
                <Item href="/sessions">{text.nav.sessions}</Item>
              </nav>
              <button
                type="button"
                className={classes.leave}
                onClick={() => signOut.mutate()}
                disabled={signOut.isPending}
              >
                {text.actions.signOut}
              </button>
              <div className={classes.who}>{text.signedIn(user.name, user.email)}</div>
            </>
          )}
        </div>
      </header>
      <main id="content" tabIndex={-1} className={classes.main}>
        <Problem error={error ?? signOut.error} />
        {user && children}
      </main>
      <footer className={classes.foot}>
        <LanguageSwitch />
      </footer>
    </>
  )
}
