/** Runs `work` again and again while it finds something, then rests for `every` milliseconds or until woken. */
export const createLoop = (needs: {
  /** True: there may be more. */
  work: () => Promise<boolean>
  every: number
  onError: (error: unknown) => void
}) => {
  let running: Promise<void> | undefined
  let stopping = false
  let woken = false
  let endRest = (): void => {}

  /** Not for ever after a failure: the next round waits like an idle one. */
  const round = async (): Promise<boolean> => {
    try {
      return await needs.work()
    } catch (error) {
      needs.onError(error)
      return false
    }
  }

  const rest = (): Promise<void> =>
    new Promise(resolve => {
      const timer = setTimeout(resolve, needs.every)
      endRest = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const run = async (): Promise<void> => {
    while (!stopping) {
      woken = false
      const more = await round()
      // A wake during the round may be about something that the round came too early to see.
      if (!more && !woken && !stopping) await rest()
    }
  }

  return {
    start: (): void => {
      if (running) return
      stopping = false
      running = run()
    },
    wake: (): void => {
      woken = true
      endRest()
    },
    stop: async (): Promise<void> => {
      stopping = true
      endRest()
      await running
      running = undefined
    },
  }
}
