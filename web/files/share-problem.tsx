import { Button, Group } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { api, isProblem } from '../api.ts'
import { text } from '../messages/text.ts'
import { Notice } from '../ui/notice.tsx'
import { explain, Problem } from '../ui/problem.tsx'

/** Why sharing did not work; for an address nobody signed up with, the way on is an invitation. */
export const ShareProblem = ({ error }: { error: unknown }) => {
  if (!isProblem(error, 'unknown_recipient')) return <Problem error={error} />
  const unknown = (error.problem.errors ?? []).map(({ where }) => where).filter(where => where.includes('@'))
  return (
    <Notice kind="bad" title={text.audience.unknown}>
      {explain(error).detail}
      <Group mt="xs" gap="xs">
        {unknown.map(address => (
          <Invite key={address} address={address} />
        ))}
      </Group>
    </Notice>
  )
}

const Invite = ({ address }: { address: string }) => {
  const invite = useMutation({ mutationFn: () => api.ops.invite({ email: address, role: 'client' }) })
  if (invite.isSuccess) return <span role="status">{text.audience.invited(address)}</span>
  return (
    <>
      <Button
        size="xs"
        variant="default"
        h="auto"
        mih={30}
        py={4}
        maw="100%"
        styles={{ label: { whiteSpace: 'normal', overflowWrap: 'anywhere', lineHeight: 1.3 } }}
        loading={invite.isPending}
        onClick={() => invite.mutate()}
      >
        {text.audience.invite(address)}
      </Button>
      <Problem error={invite.error} titles={{ conflict: text.invitations.taken.client }} />
    </>
  )
}
