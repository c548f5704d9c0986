import { fenced } from './rows.ts'

type Writer = { epoch: number; stop: AbortController; ended: Promise<void> }

/** The requests of this process that write to uploads: at most one at a time for each. */
export const createWriters = () => {
  const writers = new Map<string, Writer>()

  return {
    /**
     * A writer that has claimed `epoch` waits here until the one before it, which is told to stop, has let go of the storage.
     * Throws 409 when a newer one has come already.
     */
    begin: async (id: string, epoch: number) => {
      const older = writers.get(id)
      if (older && older.epoch > epoch) throw fenced()
      const stop = new AbortController()
      const { promise: ended, resolve } = Promise.withResolvers<void>()
      const mine = { epoch, stop, ended }
      writers.set(id, mine)
      older?.stop.abort(fenced())
      await older?.ended
      return {
        signal: stop.signal,
        isTaken: () => writers.get(id) !== mine,
        /** It writes no more. */
        done: (): void => {
          if (writers.get(id) === mine) writers.delete(id)
          resolve()
        },
      }
    },

    /** Stops whoever writes and waits until what has arrived is kept. */
    end: async (id: string): Promise<void> => {
      const writer = writers.get(id)
      writer?.stop.abort(fenced())
      await writer?.ended
    },
  }
}
