import { Button, Group, Stack } from '@mantine/core'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { text } from '../messages/text.ts'
import classes from './confirm.module.css'
import { Problem } from './problem.tsx'

type Props = {
  open: boolean
  title: string
  children: ReactNode
  /** What the button that goes through with it says. */
  action: string
  busy: boolean
  error: unknown
  onConfirm: () => void
  onClose: () => void
}

/** Asks before what cannot be undone. The browser's own dialog keeps the focus inside and gives it back. */
export const Confirm = ({ open, title, children, action, busy, error, onConfirm, onClose }: Props) => {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    if (open) dialog.current?.showModal()
    else dialog.current?.close()
  }, [open])
  return (
    <dialog ref={dialog} className={classes.dialog} aria-labelledby={heading} onClose={onClose}>
      {open && (
        <Stack>
          <div>
            <h2 id={heading}>{title}</h2>
            {children}
          </div>
          <Problem error={error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {text.actions.cancel}
            </Button>
            <Button color="red.9" loading={busy} onClick={onConfirm}>
              {action}
            </Button>
          </Group>
        </Stack>
      )}
    </dialog>
  )
}
