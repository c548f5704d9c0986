/**
 * How many things may run at once for each key, such as streams of one client. Holds an entry only for keys that have
 * something running, so its size is bounded by what runs.
 */
export const createSlots = (max: number) => {
  const used = new Map<string, number>()

  const release = (key: string): void => {
    const count = (used.get(key) ?? 0) - 1
    if (count > 0) used.set(key, count)
    else used.delete(key)
  }

  return {
    /** Takes a slot; gives the function that frees it (calling it again does nothing), or undefined if all are taken. */
    tryEnter: (key: string): (() => void) | undefined => {
      const count = used.get(key) ?? 0
      if (count >= max) return undefined
      used.set(key, count + 1)
      let held = true
      return () => {
        if (held) release(key)
        held = false
      }
    },
  }
}

export type Slots = ReturnType<typeof createSlots>
