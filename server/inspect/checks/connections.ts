import type { XmlTag } from '../xml/visitor.ts'
import type { Check } from './check.ts'
import { isRemote } from './judge-target.ts'

/** The root element of the part that holds Power Query's steps. */
const POWER_QUERY = 'DataMashup'

const isOn = (value: string | undefined): boolean => value === '1' || value === 'true' || value === 'on'

/** A connection string names hosts in its values: `Data Source=\\host\share`, `Location=http://…`. */
const isRemoteConnection = (text: string): boolean =>
  text.split(/[;=]/).some(value => isRemote(value.replace(/["']/g, '')))

/**
 * Data that a workbook fetches: connections, web queries, Power Query. Worth knowing; refused if they are remote and
 * fetched as soon as the workbook is opened, whether the connection says so or a table that uses one.
 */
export const connections: Check = (_document, report) => {
  let remote: string | undefined
  let onOpen = false
  return {
    xml: ({ path }) => {
      const seen = (is: boolean): void => {
        report('active_content/connection', path)
        if (is) remote = path
      }
      const refresh = (tag: XmlTag): void => {
        if (isOn(tag.attribute('refreshOnLoad'))) onOpen = true
      }
      return {
        open: {
          connection: tag => {
            if (tag.attribute('id') === undefined) return
            refresh(tag)
            seen(isRemote(tag.attribute('sourceFile') ?? '') || isRemote(tag.attribute('odcFile') ?? ''))
          },
          dbPr: tag => seen(isRemoteConnection(tag.attribute('connection') ?? '')),
          webPr: tag => seen(isRemote(tag.attribute('url') ?? '')),
          textPr: tag => seen(isRemote(tag.attribute('sourceFile') ?? '')),
          queryTable: refresh,
          pivotCacheDefinition: refresh,
          [POWER_QUERY]: () => seen(false),
        },
      }
    },
    end: () => {
      if (remote !== undefined && onOpen) report('active_content', remote)
    },
  }
}
