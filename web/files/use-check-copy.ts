import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { api, type SharedFile } from '../api.ts'
import { sharedFile } from './use-download.ts'

export type Verdict = 'same' | 'other_size' | 'other_content' | 'unreadable' | 'stopped'

/** Compares a copy on this device with a document, without a byte of it leaving the device. */
export const useCheckCopy = (file: SharedFile) => {
  const queries = useQueryClient()
  const [read, setRead] = useState(0)
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])

  // A comparison goes on record when the document was delivered through here; once.
  const confirm = useMutation({
    mutationFn: () => api.client.confirm(file.id, file.sha256),
    onSuccess: answer => queries.setQueryData(sharedFile(file.id).queryKey, answer),
  })
  const compare = async (copy: File): Promise<Verdict> => {
    if (copy.size !== file.size) return 'other_size'
    const controller = new AbortController()
    running.current = controller
    // Loaded here, so that nobody waits for it who does not compare.
    const { hashFile } = await import('./hash-file.ts')
    try {
      const sha256 = await hashFile(copy, { signal: controller.signal, onProgress: setRead })
      return sha256 === file.sha256 ? 'same' : 'other_content'
    } catch {
      return controller.signal.aborted ? 'stopped' : 'unreadable'
    }
  }
  const check = useMutation({
    mutationFn: compare,
    onMutate: () => {
      running.current?.abort()
      setRead(0)
      confirm.reset()
    },
    onSuccess: verdict => {
      const { delivered_at, confirmed_at } = file.delivery
      if (verdict === 'same' && delivered_at !== null && confirmed_at === null) confirm.mutate()
    },
  })
  return { check, confirm, read, stop: () => running.current?.abort() }
}
