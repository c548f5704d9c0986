import { useEffect } from 'react'

/** A document dropped beside the place for it would otherwise replace the page. */
export const useKeepPage = (): void => {
  useEffect(() => {
    const keep = (event: Event) => event.preventDefault()
    window.addEventListener('dragover', keep)
    window.addEventListener('drop', keep)
    return () => {
      window.removeEventListener('dragover', keep)
      window.removeEventListener('drop', keep)
    }
  }, [])
}
