import { Anchor } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'

/** A link to another page of the same entry. */
export const To = ({ href, children }: { href: string; children: ReactNode }) => (
  <Anchor component={Link} href={href} underline="always">
    {children}
  </Anchor>
)
