import type { NewsItem } from '../audit/tail.ts'
import { mayChange } from './news.ts'

/** Lists looked at again in one go; the others wait their turn, oldest first. */
const AT_ONCE = 32

/**
 * Tells which clients' lists have changed by comparing what they would see now with what they would have seen before: right
 * whatever the reason for a change is, and no more is known than that there was one. `printOf` gives a short text that
 * changes with the list.
 */
export const createLists = (printOf: (client: string) => Promise<string>) => {
  const prints = new Map<string, string>()
  const doubted = new Set<string>()

  return {
    /** Remembers what a client sees now, unless it is known. */
    watch: async (client: string): Promise<void> => {
      if (prints.has(client)) return
      const print = await printOf(client)
      if (!prints.has(client)) prints.set(client, print)
    },

    doubt: (items: readonly NewsItem[], lost: boolean): void => {
      const all = () => {
        for (const client of prints.keys()) doubted.add(client)
      }
      if (lost) all()
      for (const item of items) {
        const whose = mayChange(item)
        if (whose === 'all') all()
        else if (whose !== 'none' && prints.has(whose.client)) doubted.add(whose.client)
      }
    },

    /** The clients, of some that were doubted, whose list is another one now. */
    changed: async (): Promise<Set<string>> => {
      const found = new Set<string>()
      for (const client of [...doubted].slice(0, AT_ONCE)) {
        doubted.delete(client)
        const print = await printOf(client)
        if (prints.has(client) && prints.get(client) !== print) {
          prints.set(client, print)
          found.add(client)
        }
      }
      return found
    },

    /** Forgets everybody else. */
    keep: (clients: ReadonlySet<string>): void => {
      for (const client of prints.keys()) {
        if (clients.has(client)) continue
        prints.delete(client)
        doubted.delete(client)
      }
    },
  }
}
