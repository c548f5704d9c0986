import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Confirm } from './confirm.tsx'

type Props = {
  /** What the button says. */
  label: string
  /** The question, and what the button says that goes through with it. */
  title: string
  action: string
  /** What will happen. */
  children: ReactNode
  /** Whether it takes something away for good. */
  danger?: boolean
  act: () => Promise<unknown>
  onDone: () => unknown
}

/** A button that asks before it acts. */
export const AskButton = ({ label, title, action, children, danger = false, act, onDone }: Props) => {
  const [asking, setAsking] = useState(false)
  const mutation = useMutation({
    mutationFn: act,
    onSuccess: () => {
      setAsking(false)
      return onDone()
    },
  })
  return (
    <div>
      <Button
        {...(danger ? { variant: 'outline', color: 'var(--bad-ink)' } : { variant: 'default' })}
        onClick={() => setAsking(true)}
      >
        {label}
      </Button>
      <Confirm
        open={asking}
        title={title}
        action={action}
        busy={mutation.isPending}
        error={mutation.error}
        onConfirm={() => mutation.mutate()}
        onClose={() => setAsking(false)}
      >
        {children}
      </Confirm>
    </div>
  )
}
