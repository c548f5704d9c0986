import { Button } from '@mantine/core'
import { type DragEvent, useRef, useState } from 'react'
import type { SharedFile } from '../api.ts'
import { text } from '../messages/text.ts'
import { formatPercent, formatSize } from '../ui/format.ts'
import { useKeepPage } from '../ui/keep-page.ts'
import { Notice } from '../ui/notice.tsx'
import { Problem } from '../ui/problem.tsx'
import classes from './document-sheet.module.css'
import { useCheckCopy } from './use-check-copy.ts'

/** Drop or pick a file: is it byte for byte what was delivered? */
export const CheckCopy = ({ file }: { file: SharedFile }) => {
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const { check, confirm, read, stop } = useCheckCopy(file)
  useKeepPage()
  const drop = (event: DragEvent<HTMLElement>) => {
    setOver(false)
    const [copy] = event.dataTransfer.files
    if (copy) check.mutate(copy)
  }
  const words = text.documents.check
  const copy = check.variables
  return (
    <section
      className={classes.part}
      aria-label={words.title}
      data-over={over}
      onDragEnter={() => setOver(true)}
      onDragOver={() => setOver(true)}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <h2>{words.title}</h2>
      <div className={`${classes.box} ${classes.drop}`}>
        <p>{words.lead}</p>
        {check.isPending && copy ? (
          <>
            <progress className={classes.progress} max={file.size} value={read} aria-label={words.reading(copy.name)} />
            <div className={classes.row}>
              <span className={classes.quiet}>{words.progress(copy.name, formatPercent(read / file.size))}</span>
              <Button size="xs" variant="default" onClick={stop}>
                {text.actions.cancel}
              </Button>
            </div>
          </>
        ) : (
          <Button variant="default" onClick={() => input.current?.click()}>
            {check.isSuccess ? words.another : words.pick}
          </Button>
        )}
        {check.isSuccess && check.data !== 'stopped' && copy && (
          <Outcome verdict={check.data} copy={copy} file={file} />
        )}
        <Problem error={check.error} />
        {confirm.isError && (
          <>
            <Problem error={confirm.error} titles={{ conflict: words.notRecorded }} />
            <Button size="xs" variant="default" loading={confirm.isPending} onClick={() => confirm.mutate()}>
              {words.recordAgain}
            </Button>
          </>
        )}
        <input
          ref={input}
          type="file"
          hidden
          aria-label={words.pick}
          onChange={event => {
            const [picked] = event.currentTarget.files ?? []
            event.currentTarget.value = ''
            if (picked) check.mutate(picked)
          }}
        />
      </div>
    </section>
  )
}

type Checked = { verdict: keyof typeof text.documents.check.verdicts; copy: File; file: SharedFile }

const Outcome = ({ verdict, copy, file }: Checked) => {
  const words = text.documents.check
  const { delivered_at, confirmed_at } = file.delivery
  return (
    <Notice
      kind={verdict === 'same' ? 'ok' : verdict === 'unreadable' ? 'bad' : 'warn'}
      title={words.verdicts[verdict]}
    >
      {verdict === 'same' && (confirmed_at !== null ? words.recorded : delivered_at === null && words.notDelivered)}
      {verdict === 'other_size' && words.sizes(formatSize(copy.size), formatSize(file.size))}{' '}
      {(verdict === 'other_size' || verdict === 'other_content') && words.reasons}
      {verdict === 'unreadable' && words.unreadable}
      <div className={classes.quiet}>{copy.name}</div>
    </Notice>
  )
}
