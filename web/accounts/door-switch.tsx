import { Link } from 'wouter'
import type { Role } from '../api.ts'
import { text } from '../messages/text.ts'
import classes from './door-switch.module.css'

/** Which of the two doors; each has its own address, so that either can be bookmarked. */
export const DoorSwitch = ({ door }: { door?: Role }) => (
  <nav className={classes.doors} aria-label={text.signIn.doors}>
    <Link href="/sign-in" className={classes.door} aria-current={door === 'client' ? 'page' : undefined}>
      {text.signIn.clientDoor}
    </Link>
    <Link href="/ops/sign-in" className={classes.door} aria-current={door === 'ops' ? 'page' : undefined}>
      {text.signIn.opsDoor}
    </Link>
  </nav>
)
