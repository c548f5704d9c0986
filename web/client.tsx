import './ui/styles.ts'
import { useState } from 'react'
import { Redirect, Route, Switch, useLocation } from 'wouter'
import { Forgot } from './accounts/forgot.tsx'
import { AcceptInvitation } from './accounts/invitation.tsx'
import { nextPath } from './accounts/next-path.ts'
import { Reset } from './accounts/reset.tsx'
import { Sessions } from './accounts/sessions.tsx'
import { SignIn } from './accounts/sign-in.tsx'
import { SignUp } from './accounts/sign-up.tsx'
import { Verify } from './accounts/verify.tsx'
import type { Role } from './api.ts'
import { ClientShell } from './client-shell.tsx'
import { Document } from './files/document.tsx'
import { Documents } from './files/documents.tsx'
import { Links } from './links/links.tsx'
import { takeFragment } from './ui/fragment.ts'
import { NotFound } from './ui/not-found.tsx'
import { start } from './ui/provider.tsx'

/** The client door, and the way to either: whoever is not signed in yet is here. */
const ClientApp = ({ fragment }: { fragment: string }) => {
  const [, navigate] = useLocation()
  const [arriving, setArriving] = useState<string>()
  const enter = (door: Role) => {
    const next = nextPath(door, fragment)
    if (door === 'ops') return window.location.assign(next ?? '/ops')
    const download = next?.startsWith('/download/')
    setArriving(download ? next : undefined)
    navigate(next && !download ? next : '/documents', { replace: true })
  }
  const signIn = (door: Role) => <SignIn key={door} door={door} fragment={fragment} onSignedIn={enter} />
  return (
    <Switch>
      <Route path="/">
        <Redirect to="/documents" replace />
      </Route>
      <Route path="/sign-in">{signIn('client')}</Route>
      <Route path="/ops/sign-in">{signIn('ops')}</Route>
      <Route path="/sign-up" component={SignUp} />
      <Route path="/verify">
        <Verify token={fragment} onSignedIn={() => enter('client')} />
      </Route>
      <Route path="/forgot">
        <Forgot key="client" door="client" />
      </Route>
      <Route path="/ops/forgot">
        <Forgot key="ops" door="ops" />
      </Route>
      <Route path="/reset">
        <Reset token={fragment} />
      </Route>
      <Route path="/invitation">
        <AcceptInvitation token={fragment} onSignedIn={enter} />
      </Route>
      <Route>
        <ClientShell>
          <Switch>
            <Route path="/documents">
              <Documents arriving={arriving} />
            </Route>
            <Route path="/documents/:id">{({ id }) => <Document key={id} id={id} />}</Route>
            <Route path="/links" component={Links} />
            <Route path="/sessions">
              <Sessions door="client" />
            </Route>
            <Route component={NotFound} />
          </Switch>
        </ClientShell>
      </Route>
    </Switch>
  )
}

const { fragment, reload } = takeFragment()
start(<ClientApp fragment={fragment} />, reload)
