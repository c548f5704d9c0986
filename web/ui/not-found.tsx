import { Stack, Text } from '@mantine/core'
import { text } from '../messages/text.ts'
import { PageTitle } from './page-title.tsx'

export const NotFound = () => (
  <Stack>
    <PageTitle>{text.notFound.title}</PageTitle>
    <Text>{text.notFound.detail}</Text>
  </Stack>
)
