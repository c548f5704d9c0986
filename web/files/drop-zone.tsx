import { Button } from '@mantine/core'
import { type DragEvent, useRef, useState } from 'react'
import { deskText } from '../messages/desk-text.ts'
import { useKeepPage } from '../ui/keep-page.ts'
import classes from './drop-zone.module.css'

/** Takes documents, dropped or picked. Any kind: it is the server that says, with reasons, what it does not accept. */
export const DropZone = ({ onFiles }: { onFiles: (files: File[]) => void }) => {
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  useKeepPage()
  const drop = (event: DragEvent<HTMLElement>) => {
    setOver(false)
    const files = [...event.dataTransfer.files]
    if (files.length > 0) onFiles(files)
  }
  const words = deskText.send
  return (
    <section
      className={classes.zone}
      aria-label={words.drop}
      data-over={over}
      onDragEnter={() => setOver(true)}
      onDragOver={() => setOver(true)}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <p>{words.drop}</p>
      <Button onClick={() => input.current?.click()}>{words.pick}</Button>
      <p className={classes.hint}>{words.accepted}</p>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept=".docx,.xlsx,.pptx"
        aria-label={words.pick}
        onChange={event => {
          const files = [...(event.currentTarget.files ?? [])]
          event.currentTarget.value = ''
          if (files.length > 0) onFiles(files)
        }}
      />
    </section>
  )
}
