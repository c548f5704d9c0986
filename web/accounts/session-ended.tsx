import { Button, Stack, Text } from '@mantine/core'
import { useLocation } from 'wouter'
import type { Role } from '../api.ts'
import { text } from '../messages/text.ts'
import { PageTitle } from '../ui/page-title.tsx'
import { signInPath } from './next-path.ts'

/** In place of a page whose session is over: what happened, and the way back to this very page. By a page load, as use-me.ts says. */
export const SessionEnded = ({ door }: { door: Role }) => {
  const [path] = useLocation()
  const words = text.sessionEnded
  return (
    <Stack>
      <PageTitle>{words.title}</PageTitle>
      <Text>{words.detail}</Text>
      <div>
        <Button component="a" href={signInPath(door, path)}>
          {words.action}
        </Button>
      </div>
    </Stack>
  )
}
