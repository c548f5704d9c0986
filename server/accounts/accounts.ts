import { createAccept } from './accept.ts'
import { createAuthenticate } from './authenticate.ts'
import { createCheckPassword } from './check-password.ts'
import { createCommandLine } from './command-line.ts'
import { createDeleteGroup } from './delete-group.ts'
import { createDevices } from './devices.ts'
import { createDisabling } from './disabling.ts'
import { createForgot } from './forgot.ts'
import { createGroupMembers } from './group-members.ts'
import { createGroups } from './groups.ts'
import { createInvitations } from './invitations.ts'
import { createInvite } from './invite.ts'
import { createLetIn } from './let-in.ts'
import { createMailTokens, mailTokenLife } from './mail-tokens.ts'
import { createMails } from './mails.ts'
import { createNewAccount } from './new-account.ts'
import { createNewSession } from './new-session.ts'
import { createReadInvitation } from './open-invitation.ts'
import type { Parts } from './parts.ts'
import { createPending } from './pending.ts'
import { createGetClient, createPeople } from './people.ts'
import { createRefusals } from './refusals.ts'
import { createResend } from './resend.ts'
import { createReset } from './reset.ts'
import { createSessions } from './sessions.ts'
import { createSetup } from './setup.ts'
import { createSignIn } from './sign-in.ts'
import { createMailSignInLink, createSignInByLink } from './sign-in-link.ts'
import { createSignUp } from './sign-up.ts'
import { createSweep } from './sweep.ts'
import { createThrottle } from './throttle.ts'
import { createVerify } from './verify.ts'

/** People and their way in: accounts, sessions, invitations, groups. Each verb is explained in the file that makes it. */
export const createAccounts = (parts: Parts) => {
  const { publicUrl, signup, sessionIdle } = parts.config
  const devices = createDevices(parts)
  const tokens = createMailTokens(parts)
  const pending = createPending({ ...parts, tokens, life: mailTokenLife.verify })
  const throttle = createThrottle(parts)
  const mails = createMails({ ...parts, publicUrl })
  const refusals = createRefusals(parts)
  const newSession = createNewSession(parts)
  const createAccount = createNewAccount({ ...parts, pending })
  const checkPassword = createCheckPassword({ ...parts, pending })
  const letIn = createLetIn({ ...parts, newSession, devices })
  const links = createMailSignInLink({ ...parts, throttle, tokens, mails })
  const { mailSignInLink } = links
  const { authenticate, sessionAlive, liveSessions, settled } = createAuthenticate(parts)
  const setDisabled = createDisabling({ ...parts, tokens })
  const own = { ...parts, publicUrl, devices, tokens, pending, throttle, mails, refusals, newSession, createAccount }
  const { reset, setPassword } = createReset(own)
  const entering = { ...own, checkPassword, letIn, mailSignInLink }

  return {
    db: parts.db,
    cookies: parts.cookies,
    authenticate,
    sessionAlive,
    liveSessions,
    ...createSetup(own),
    signUp: createSignUp({ ...own, signup }),
    resend: createResend(own),
    verify: createVerify(own),
    signIn: createSignIn(entering),
    signInByLink: createSignInByLink(entering),
    forgot: createForgot(own),
    reset,
    accept: createAccept(own),
    readInvitation: createReadInvitation(own),
    ...createSessions({ ...parts, idle: sessionIdle * 1000 }),
    invite: createInvite(own),
    ...createInvitations(own),
    ...createGroups(parts),
    setGroupMembers: createGroupMembers(parts),
    deleteGroup: createDeleteGroup(parts),
    listPeople: createPeople(parts),
    getClient: createGetClient(parts),
    setDisabled,
    ...createCommandLine({ ...own, setDisabled, setPassword }),
    sweep: createSweep(own),
    /** Resolves when everything that runs beside requests has been written. */
    settled: async (): Promise<void> => {
      await refusals.flush()
      await links.settled()
      await settled()
    },
  }
}

export type Accounts = ReturnType<typeof createAccounts>
