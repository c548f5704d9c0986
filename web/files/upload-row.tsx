import { Button, Progress } from '@mantine/core'
import { type Finding, isProblem, type ProblemError } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { formatLeft, formatPercent, formatSize } from '../ui/format.ts'
import { Notice, Tag } from '../ui/notice.tsx'
import { explain, Problem } from '../ui/problem.tsx'
import { To } from '../ui/to.tsx'
import { Findings, RefusedFor } from './findings.tsx'
import { useLeaveOut } from './leave-out.ts'
import { speedOf } from './speed.ts'
import classes from './upload-row.module.css'
import type { Upload } from './use-uploads.ts'

/** One document of a hand-over: how far it is, then what the inspection says about it. */
export const UploadRow = ({ upload, onRemove }: { upload: Upload; onRemove: () => void }) => {
  const words = deskText.send
  const leaveOut = useLeaveOut(onRemove)
  const underWay = ['waiting', 'sending', 'lost', 'checking'].includes(upload.state)
  const ours = upload.state === 'accepted' && !upload.taken
  const remove = underWay ? 'stop' : upload.state === 'accepted' ? 'leaveOut' : 'clear'
  return (
    <li className={classes.row}>
      <div className={classes.head}>
        <div className={classes.name}>
          {upload.state === 'accepted' ? (
            <To href={`/ops/files/${upload.file.id}`}>{upload.file.name}</To>
          ) : (
            upload.name
          )}
        </div>
        <State upload={upload} />
        <Button
          size="compact-xs"
          variant="default"
          loading={leaveOut.isPending}
          onClick={() => (ours ? leaveOut.mutate(upload.file.id) : onRemove())}
          aria-label={words.removeNamed[remove](upload.name)}
        >
          {words.remove[remove]}
        </Button>
      </div>
      {leaveOut.isError && (
        <Notice kind="bad" title={words.notLeftOut}>
          {Object.values(explain(leaveOut.error)).filter(Boolean).join('. ')}
        </Notice>
      )}
      {underWay && <Travelling upload={upload} />}
      {upload.state === 'lost' && (
        <Notice kind="warn">
          {words.unfinished.lost}{' '}
          <Button size="compact-xs" variant="default" onClick={upload.again}>
            {words.unfinished.again}
          </Button>
        </Notice>
      )}
      {upload.state === 'accepted' &&
        (upload.file.findings.length > 0 ? (
          <>
            <p className={classes.meta}>{words.acceptedWith}</p>
            <Findings findings={upload.file.findings} />
          </>
        ) : (
          <Notice kind="ok">{words.clean}</Notice>
        ))}
      {upload.state === 'empty' && <Notice kind="bad">{words.empty}</Notice>}
      {upload.state === 'failed' &&
        (isProblem(upload.error, 'file_refused') ? (
          <>
            <RefusedFor
              title={words.refused}
              findings={findingsOf(upload.error).filter(blocks)}
              detail={explain(upload.error).detail}
            />
            <Findings findings={findingsOf(upload.error).filter(one => !blocks(one))} />
          </>
        ) : isProblem(upload.error, 'unauthenticated') ? (
          <Notice kind="warn" title={words.unfinished.signedOut}>
            {words.unfinished.signedOutDetail} <To href="/ops/sign-in">{words.unfinished.signIn}</To>
          </Notice>
        ) : (
          <Problem error={upload.error} />
        ))}
    </li>
  )
}

const findingsOf = (error: ProblemError): Finding[] => error.problem.findings ?? []
const blocks = ({ severity }: Finding): boolean => severity === 'block'

const State = ({ upload }: { upload: Upload }) => {
  const words = deskText.send.states
  if (upload.state === 'accepted') {
    const pending = upload.file.status === 'pending'
    return <Tag kind={pending ? 'warn' : 'ok'}>{pending ? words.pending : words.accepted}</Tag>
  }
  if (upload.state === 'empty') return <Tag kind="bad">{words.failed}</Tag>
  if (upload.state === 'lost') return <Tag kind="warn">{words.lost}</Tag>
  if (upload.state !== 'failed') return <Tag kind="info">{words[upload.state]}</Tag>
  return <Tag kind="bad">{isProblem(upload.error, 'file_refused') ? words.refused : words.failed}</Tag>
}

const Travelling = ({ upload }: { upload: Upload }) => {
  const { size } = upload
  const sent =
    upload.state === 'sending' || upload.state === 'lost' ? upload.sent : upload.state === 'checking' ? size : 0
  const share = size === 0 ? 0 : sent / size
  const speed = upload.state === 'sending' ? speedOf(upload.marks, size) : undefined
  return (
    <div>
      <Progress
        value={share * 100}
        animated={upload.state === 'checking'}
        aria-label={deskText.send.progressOf(upload.name)}
        transitionDuration={150}
        mb={6}
      />
      <p className={classes.meta}>
        {upload.state === 'checking'
          ? deskText.send.checking
          : deskText.send.progress(formatPercent(share), formatSize(sent), formatSize(size))}
        {speed && ` · ${deskText.send.speed(formatSize(speed.perSecond), formatLeft(speed.left))}`}
      </p>
    </div>
  )
}
