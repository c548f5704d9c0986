import { Stack, Text } from '@mantine/core'
import { api, type Setting } from './api.ts'
import { deskText } from './messages/desk-text.ts'
import classes from './settings.module.css'
import { Cell, List, Meta, Table } from './ui/list.tsx'
import { Tag } from './ui/notice.tsx'
import { PageTitle } from './ui/page-title.tsx'
import { usePages } from './ui/pages.ts'

/** What the server runs with, for administrators to read. */
export const Settings = () => {
  const pages = usePages(['ops', 'settings'], async () => ({ ...(await api.ops.settings()), next_cursor: null }))
  const words = deskText.settings
  const row = (setting: Setting) => (
    <tr key={setting.name}>
      <Cell>
        <span className={classes.name}>{setting.name}</span>
        <Meta>{words.help(setting)}</Meta>
        <Meta narrow>{words.sources[setting.source]}</Meta>
      </Cell>
      <Cell>
        <span className={setting.value === '' ? classes.unset : classes.value}>{setting.value || words.notSet}</span>
      </Cell>
      <Cell wide>
        {setting.source === 'default' ? words.sources.default : <Tag>{words.sources[setting.source]}</Tag>}
      </Cell>
    </tr>
  )
  return (
    <Stack>
      <PageTitle>{words.title}</PageTitle>
      <Text c="dimmed">{words.lead}</Text>
      <List pages={pages} empty={{ title: words.notSet }}>
        {items => (
          <Table
            caption={words.title}
            columns={[
              { title: words.name, width: '50%' },
              { title: words.value },
              { title: words.source, wide: true, width: '24%' },
            ]}
          >
            {items.map(row)}
          </Table>
        )}
      </List>
    </Stack>
  )
}
