import './ui/styles.ts'
import './ui/styles-ops.ts'
import { Route, Switch, useLocation } from 'wouter'
import { ClientPage } from './accounts/client.tsx'
import { Clients } from './accounts/clients.tsx'
import { GroupPage } from './accounts/group.tsx'
import { Groups } from './accounts/groups.tsx'
import { Invitations } from './accounts/invitations.tsx'
import { Sessions } from './accounts/sessions.tsx'
import { Setup } from './accounts/setup.tsx'
import { Team } from './accounts/team.tsx'
import type { SentFile, User } from './api.ts'
import { Audit } from './audit/audit.tsx'
import { FileList } from './files/file-list.tsx'
import { FilePage } from './files/file-page.tsx'
import { OverviewPage } from './files/overview.tsx'
import { Send, useInHand } from './files/send.tsx'
import { keepSecret } from './mail/keep-secret.ts'
import { Mailbox } from './mail/mailbox.tsx'
import { OpsShell } from './ops-shell.tsx'
import { Settings } from './settings.tsx'
import { takeFragment } from './ui/fragment.ts'
import { NotFound } from './ui/not-found.tsx'
import { start } from './ui/provider.tsx'

/** The pages behind the ops door. */
const Desk = ({ viewer }: { viewer: User }) => {
  const inHand = useInHand()
  const [, navigate] = useLocation()
  const handOver = (file: SentFile) => {
    inHand.take(file)
    navigate('/ops')
  }
  return (
    <Switch>
      <Route path="/ops">
        <Send inHand={inHand} />
      </Route>
      <Route path="/ops/overview">
        <OverviewPage viewer={viewer} />
      </Route>
      <Route path="/ops/files" component={FileList} />
      <Route path="/ops/files/:id">{({ id }) => <FilePage key={id} id={id} onHandOver={handOver} />}</Route>
      <Route path="/ops/clients">
        <Clients viewer={viewer} />
      </Route>
      <Route path="/ops/clients/:id">{({ id }) => <ClientPage key={id} id={id} viewer={viewer} />}</Route>
      <Route path="/ops/groups" component={Groups} />
      <Route path="/ops/groups/:id">{({ id }) => <GroupPage key={id} id={id} />}</Route>
      <Route path="/ops/invitations">
        <Invitations viewer={viewer} />
      </Route>
      <Route path="/ops/team">
        <Team viewer={viewer} />
      </Route>
      <Route path="/ops/audit" component={Audit} />
      <Route path="/ops/settings" component={Settings} />
      <Route path="/ops/sessions">
        <Sessions door="ops" />
      </Route>
      <Route component={NotFound} />
    </Switch>
  )
}

/** The ops door, and the two pages of whoever runs the server: its set-up and its development mailbox. */
const OpsApp = ({ fragment, secret }: { fragment: string; secret: string }) => (
  <Switch>
    <Route path="/setup">
      <Setup token={fragment} onSignedIn={() => window.location.assign('/ops')} />
    </Route>
    <Route path="/mailbox">
      <Mailbox secret={secret} />
    </Route>
    <Route>
      <OpsShell>{viewer => <Desk viewer={viewer} />}</OpsShell>
    </Route>
  </Switch>
)

const { fragment, reload } = takeFragment()
start(<OpsApp fragment={fragment} secret={keepSecret(fragment)} />, reload)
