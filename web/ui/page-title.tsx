import { Title } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { text } from '../messages/text.ts'

/** The page's heading, also the tab's title; takes the focus when the page opens, so that a screen reader says where one is. */
export const PageTitle = ({ children }: { children: string }) => {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${children} – ${text.product}`
  }, [children])
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  return (
    <Title order={1} size="h2" ref={heading} tabIndex={-1} style={{ overflowWrap: 'anywhere' }}>
      {children}
    </Title>
  )
}
