import { useEffect, useReducer, useRef } from 'react'
import { api, type SentFile } from '../api.ts'
import { persist } from './persist.ts'
import { forget } from './resumable.ts'
import { addMark, type Mark } from './speed.ts'
import { idIn } from './upload.ts'

/** A document on its way: sent bytes, then the server's checking, then its answer. */
export type Upload = { key: number; name: string; size: number; id?: string } & (
  | { state: 'waiting' }
  | { state: 'empty' }
  | { state: 'sending'; marks: Mark[]; sent: number }
  | { state: 'lost'; sent: number; again: () => void }
  | { state: 'checking' }
  /** `taken`: it was under Files before, and stays there when it is left out. */
  | { state: 'accepted'; file: SentFile; taken?: boolean }
  | { state: 'failed'; error: unknown }
)

type Change =
  | { add: Upload[] }
  | { remove: number }
  | { clear: true }
  | { set: Upload }
  | { sent: number; key: number; at: number }
  | { key: number; id: string }
  | { key: number; again: () => void }

const reduce = (uploads: Upload[], change: Change): Upload[] => {
  if ('add' in change) return [...uploads, ...change.add]
  if ('remove' in change) return uploads.filter(({ key }) => key !== change.remove)
  if ('set' in change) return uploads.map(one => (one.key === change.set.key ? change.set : one))
  if ('clear' in change) return []
  return uploads.map(one => {
    if (one.key !== change.key) return one
    if ('id' in change) return { ...one, id: change.id }
    if (one.state === 'accepted' || one.state === 'failed' || one.state === 'empty') return one
    const { key, name, size, id } = one
    if ('again' in change) {
      const sent = one.state === 'sending' || one.state === 'lost' ? one.sent : one.state === 'checking' ? size : 0
      return { key, name, size, id, state: 'lost', sent, again: change.again }
    }
    if (one.state === 'checking') return one
    // Everything has left: what takes time from here on is the server's inspection.
    if (change.sent >= size) return { key, name, size, id, state: 'checking' }
    const marks = addMark(one.state === 'sending' ? one.marks : [], change)
    return { key, name, size, id, state: 'sending', marks, sent: change.sent }
  })
}

/**
 * Sends documents one after the other, so that each gets the whole line and the first is ready soonest. Stops what is under way
 * when it is no longer used; leaving the page for another place is asked about first.
 */
export const useUploads = () => {
  const [uploads, dispatch] = useReducer(reduce, [])
  const next = useRef(0)
  const queue = useRef(Promise.resolve())
  const running = useRef(new Map<number, AbortController>())
  const picked = useRef(new Map<number, File>())
  const addresses = useRef(new Map<number, string>())
  /** Stopped when everything had arrived: the server keeps them whoever listens, so they are deleted with its answer. */
  const unwanted = useRef(new Set<number>())

  useEffect(() => {
    const all = running.current
    const stopped = unwanted.current
    return () => {
      for (const [key, one] of all) if (!stopped.has(key)) one.abort()
    }
  }, [])

  const inHand = uploads.length > 0
  useEffect(() => {
    if (!inHand) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [inHand])

  const send = async (key: number, document: File): Promise<void> => {
    const signal = running.current.get(key)?.signal
    if (!signal || signal.aborted) return
    const about = { key, name: document.name, size: document.size }
    dispatch({ sent: 0, key, at: performance.now() })
    try {
      const file = await persist(document, {
        signal,
        onAddress: address => {
          addresses.current.set(key, address)
          dispatch({ key, id: idIn(address) })
        },
        onProgress: ({ sent }) => dispatch({ key, sent, at: performance.now() }),
        onLost: again => dispatch({ key, again }),
      })
      if (unwanted.current.has(key)) {
        // Where that fails the document is back on the page, to be left out again.
        await api.ops.deleteFile(file.id).catch(() => dispatch({ add: [{ ...about, state: 'accepted', file }] }))
      } else dispatch({ set: { ...about, state: 'accepted', file } })
    } catch (error) {
      if (!signal.aborted) dispatch({ set: { ...about, state: 'failed', error } })
    } finally {
      running.current.delete(key)
      addresses.current.delete(key)
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
        picked.current.set(key, document)
        queue.current = queue.current.then(() => send(key, document))
      }
    },
    /** Stops a running one; forgets it in any case. What was accepted is taken back first (leave-out.ts). */
    remove: (key: number): void => {
      if (uploads.some(one => one.key === key && one.state === 'checking')) unwanted.current.add(key)
      else {
        running.current.get(key)?.abort()
        const address = addresses.current.get(key)
        const document = picked.current.get(key)
        if (document) forget(document)
        // Where that fails it is listed as unfinished, to be removed there, and expires by itself.
        if (address !== undefined) void api.ops.endUpload(idIn(address)).catch(() => {})
      }
      picked.current.delete(key)
      dispatch({ remove: key })
    },
    /** A file that is there already, to be handed over with the others; once, however often it is asked for. */
    take: (file: SentFile): void => {
      if (uploads.some(one => one.state === 'accepted' && one.file.id === file.id)) return
      const { name, size } = file
      dispatch({ add: [{ key: next.current++, name, size, state: 'accepted', file, taken: true }] })
    },
    /** Starts over. */
    clear: (): void => dispatch({ clear: true }),
  }
}

export type Uploads = ReturnType<typeof useUploads>
