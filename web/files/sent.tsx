import { Button, Group, Stack, Title } from '@mantine/core'
import type { SentFile } from '../api.ts'
import { text } from '../messages/text.ts'
import { Notice } from '../ui/notice.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { To } from '../ui/to.tsx'
import { Deliveries } from './deliveries.tsx'
import { describeAudience } from './describe-audience.ts'

/** The result of a hand-over: what is with whom now, and how far each delivery is. */
export const Sent = ({ files, onAgain }: { files: SentFile[]; onAgain: () => void }) => {
  const words = text.sent
  return (
    <Stack gap="lg">
      <PageTitle>{words.title}</PageTitle>
      <Notice kind="ok" title={words.done(files.length)}>
        {words.detail}
      </Notice>
      {files.map(file => (
        <Stack key={file.id} gap="xs">
          <Title order={2} size="h4">
            <To href={`/ops/files/${file.id}`}>{file.name}</To>
          </Title>
          <div>{words.visibleTo(describeAudience(file.audience))}</div>
          <Deliveries file={file} />
        </Stack>
      ))}
      <Group>
        <Button onClick={onAgain}>{words.again}</Button>
      </Group>
    </Stack>
  )
}
