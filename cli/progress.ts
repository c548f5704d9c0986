import { Presets, SingleBar } from 'cli-progress'
import { clean, size } from './terminal.ts'

export type Progress = {
  /** Bytes (or things) done so far. */
  to: (done: number) => void
  stop: () => void
}

/** Longest label: the bar, the figures and it fit on 100 columns. */
const LABEL = 32
const BAR = 20

type Wanted = { label: string; total: number; from?: number; unit?: 'bytes' | 'files' }

/** A bar on standard error with percent, speed and time left; nothing where that is no terminal. */
export const startProgress = ({ label, total, from = 0, unit = 'bytes' }: Wanted): Progress => {
  if (!process.stderr.isTTY || total === 0) return { to: () => {}, stop: () => {} }
  const name = clean(label)
  const title = name.length > LABEL ? `${name.slice(0, LABEL - 1)}…` : name
  const started = performance.now()
  const bar = new SingleBar(
    {
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: null,
      gracefulExit: false,
      format: (_options, { progress, value }) => {
        const seconds = (performance.now() - started) / 1000
        const speed = seconds > 0.5 ? (value - from) / seconds : 0
        const filled = Math.round(progress * BAR)
        const figures =
          unit === 'bytes' ? `${size(value)} of ${size(total)}, ${size(Math.round(speed))}/s` : `${value} of ${total}`
        const left = speed > 0 ? `, ${timeLeft((total - value) / speed)} left` : ''
        const percent = String(Math.floor(progress * 100)).padStart(3)
        return `${title}  ${'#'.repeat(filled)}${'-'.repeat(BAR - filled)} ${percent} %  ${figures}${left}`
      },
    },
    Presets.legacy,
  )
  bar.start(total, from)
  return { to: done => bar.update(done), stop: () => bar.stop() }
}

/** Seconds as a person would say them. */
const timeLeft = (seconds: number): string => {
  if (seconds < 60) return `${Math.ceil(seconds)} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`
}
