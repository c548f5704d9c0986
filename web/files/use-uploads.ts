import { useEffect, useReducer, useRef } from 'react'
import { api, type SentFile } from '../api.ts'
import { addMark, type Mark } from './speed.ts'
import { upload } from './upload.ts'

/** A document on its way: sent bytes, then the server's checking, then its answer. */
export type Upload = { key: number; name: string; size: number } & (
  | { state: 'waiting' }
  | { state: 'empty' }
  | { state: 'sending'; marks: Mark[]; sent: number }
  | { state: 'checking' }
  | { state: 'accepted'; file: SentFile }
  | { state: 'failed'; error: unknown }
)

type Change =
  | { add: Upload[] }
  | { remove: number }
  | { clear: true }
  | { set: Upload }
  | { sent: number; key: number; at: number }

const reduce = (uploads: Upload[], change: Change): Upload[] => {
  if ('add' in change) return [...uploads, ...change.add]
  if ('remove' in change) return uploads.filter(({ key }) => key !== change.remove)
  if ('set' in change) return uploads.map(one => (one.key === change.set.key ? change.set : one))
  if ('clear' in change) return []
  return uploads.map(one => {
    if (one.key !== change.key || (one.state !== 'waiting' && one.state !== 'sending')) return one
    const { key, name, size } = one
    // Everything has left: what takes time from here on is the server's inspection.
    if (change.sent >= size) return { key, name, size, state: 'checking' }
    const marks = addMark(one.state === 'sending' ? one.marks : [], change)
    return { key, name, size, state: 'sending', marks, sent: change.sent }
  })
}

/** Sends documents one after the other, so that each gets the whole line and the first is ready soonest. */
export const useUploads = () => {
  const [uploads, dispatch] = useReducer(reduce, [])
  const next = useRef(0)
  const queue = useRef(Promise.resolve())
  const running = useRef(new Map<number, AbortController>())
  /** Stopped when everything had arrived: the server keeps them whoever listens, so they are deleted with its answer. */
  const unwanted = useRef(new Set<number>())

  useEffect(() => {
    const all = running.current
    const stopped = unwanted.current
    return () => {
      for (const [key, one] of all) if (!stopped.has(key)) one.abort()
    }
  }, [])

  const send = async (key: number, document: File): Promise<void> => {
    const signal = running.current.get(key)?.signal
    if (!signal || signal.aborted) return
    const about = { key, name: document.name, size: document.size }
    dispatch({ sent: 0, key, at: performance.now() })
    try {
      const file = await upload(document, {
        signal,
        onProgress: ({ sent, total }) =>
          // The form around the document is counted too: its share is too small to show.
          dispatch({
            key,
            sent: sent >= total ? document.size : Math.min(sent, document.size - 1),
            at: performance.now(),
          }),
      })
      if (unwanted.current.has(key)) {
        // Where that fails the document is back on the page, to be left out again.
        await api.ops.deleteFile(file.id).catch(() => dispatch({ add: [{ ...about, state: 'accepted', file }] }))
      } else dispatch({ set: { ...about, state: 'accepted', file } })
    } catch (error) {
      if (!signal.aborted) dispatch({ set: { ...about, state: 'failed', error } })
    } finally {
      running.current.delete(key)
      unwanted.current.delete(key)
    }
  }

  return {
    uploads,
    add: (documents: File[]): void => {
      const added = documents.map(document => ({ document, key: next.current++ }))
      dispatch({
        add: added.map(({ document: { name, size }, key }) => ({
          key,
          name,
          size,
          state: size === 0 ? 'empty' : 'waiting',
        })),
      })
      for (const { document, key } of added) {
        if (document.size === 0) continue
        running.current.set(key, new AbortController())
        queue.current = queue.current.then(() => send(key, document))
      }
    },
    /** Stops a running one; forgets it in any case. What was accepted is taken back first (leave-out.ts). */
    remove: (key: number): void => {
      if (uploads.some(one => one.key === key && one.state === 'checking')) unwanted.current.add(key)
      else running.current.get(key)?.abort()
      dispatch({ remove: key })
    },
    /** Starts over. */
    clear: (): void => dispatch({ clear: true }),
  }
}
