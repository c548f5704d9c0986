import { Worker } from 'node:worker_threads'

const MAX_FILE = 16 << 20

/** Runs beside the fuzzer, which a hang would keep from telling anything: it writes the file down and ends the process. */
const BODY = `
const { workerData: { shared, limitMs, path } } = require('node:worker_threads')
const { writeFileSync } = require('node:fs')
const state = new Int32Array(shared, 0, 2)
let [seen, since] = [-1, Date.now()]
setInterval(() => {
  const now = Atomics.load(state, 0)
  if (now !== seen || now % 2 === 0) [seen, since] = [now, Date.now()]
  else if (Date.now() - since > limitMs) {
    writeFileSync(path, Buffer.from(shared, 8, Atomics.load(state, 1)))
    console.error('\\nhang: more than ' + limitMs + ' ms for one file, saved as ' + path)
    process.exit(2)
  }
}, 1000)
`

/** `starts` and `ends` go around each inspection. */
export const createWatchdog = ({ limitMs, path }: { limitMs: number; path: string }) => {
  const shared = new SharedArrayBuffer(8 + MAX_FILE)
  const state = new Int32Array(shared, 0, 2)
  const worker = new Worker(BODY, { eval: true, workerData: { shared, limitMs, path } })
  return {
    starts: (bytes: Buffer): void => {
      const kept = bytes.subarray(0, MAX_FILE)
      new Uint8Array(shared).set(kept, 8)
      state[1] = kept.length
      Atomics.add(state, 0, 1)
    },
    ends: (): void => void Atomics.add(state, 0, 1),
    stop: () => worker.terminate(),
  }
}
