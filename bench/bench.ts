// `npm run bench`: what the service costs, beside a server that does none of it, in the same run. Bounded in count and time,
// loopback only. Options: `--quick` for a look (64 MiB, two rounds), `--size MiB`, `--rounds N`.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { makeOffice } from '../test/office.ts'
import { median, quantile, spread, table } from './figures.ts'
import { firstContents } from './first-content.ts'
import { peakWhile, residentNow, startContender } from './process.ts'
import { uploadResumable } from './resumable.ts'
import { disconnect, json, receive, send } from './transfer.ts'
import { join as joinClient, link, setUp, startValise, upload } from './valise.ts'

const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, size: { type: 'string' }, rounds: { type: 'string' } },
})
const size = Number(values.size ?? (values.quick ? 64 : 1024)) * 2 ** 20
const rounds = Number(values.rounds ?? (values.quick ? 2 : 3))
const MiB = 2 ** 20
const dataDir = await mkdtemp(join(tmpdir(), 'valise-bench-'))
const note = (text: string) => process.stderr.write(`${text}\n`)

/** Start to first answer, installed and with data. */
const starts: number[] = []
const first = await startValise(dataDir)
await first.contender.stop()
for (let i = 0; i < 5; i++) {
  const { contender, milliseconds } = await startValise(dataDir)
  starts.push(milliseconds)
  await contender.stop()
}

const { contender: valise, setupToken } = await startValise(dataDir)
const peerScript = fileURLToPath(new URL('./peers/plain.ts', import.meta.url))
const { contender: peer } = await startContender({
  name: 'plain Node',
  command: process.execPath,
  args: [peerScript, dataDir],
  address: /^(http\S+)/,
})

try {
  const ops = await setUp(valise.url, setupToken)
  const email = 'client@customer.example'
  const client = await joinClient(valise.url, dataDir, email)
  const idle = residentNow(valise.pid)
  const bearer = { authorization: `Bearer ${client}` }

  note(`Making a document of ${size / MiB} MiB …`)
  const document = makeOffice({ type: 'docx', padTo: size })
  const rate = (seconds: number) => size / MiB / seconds
  const figures = {
    up: [] as number[],
    upTus: [] as number[],
    upTusChunks: [] as number[],
    upPeer: [] as number[],
    down: [] as number[],
    downPeer: [] as number[],
  }
  let upPeak = 0
  let downPeak = 0
  for (let round = 0; round < rounds; round++) {
    note(`Round ${round + 1} of ${rounds}: upload and download …`)
    const { value: sent, peak } = await peakWhile(valise.pid, () =>
      upload(valise.url, ops, `Large ${round}.docx`, document, { clients: [email] }),
    )
    figures.up.push(rate(sent.seconds))
    upPeak = Math.max(upPeak, peak)
    for (const [chunk, rates] of [
      [size, figures.upTus],
      [8 * MiB, figures.upTusChunks],
    ] as const) {
      const resumable = { url: valise.url, token: ops, name: `Resumable ${round}.docx`, document, audience: {}, chunk }
      const again = await uploadResumable(resumable)
      rates.push(rate(again.seconds))
      await send(`${valise.url}/api/v1/ops/files/${again.id}`, 'DELETE', { authorization: `Bearer ${ops}` }, [])
    }
    figures.upPeer.push(rate((await send(`${peer.url}/large`, 'PUT', {}, [document])).seconds))
    const address = await link(valise.url, client, sent.id)
    const got = await peakWhile(valise.pid, () => receive(address, bearer))
    if (got.value.bytes !== size) throw new Error('The download is not the document')
    figures.down.push(rate(got.value.seconds))
    downPeak = Math.max(downPeak, got.peak)
    figures.downPeer.push(rate((await receive(`${peer.url}/large`)).seconds))
    await send(`${valise.url}/api/v1/ops/files/${sent.id}`, 'DELETE', { authorization: `Bearer ${ops}` }, [])
  }

  note('200 downloads of 10 MiB at once …')
  // One client may run sixteen downloads at once; two hundred readers are several people.
  const readers: string[] = []
  for (let i = 0; i < 13; i++) readers.push(await joinClient(valise.url, dataDir, `reader${i}@customer.example`))
  const shared = await upload(valise.url, ops, 'Shared.docx', makeOffice({ type: 'docx', padTo: 10 * MiB }), {
    everyone: true,
  })
  const parallel = await peakWhile(valise.pid, async () => {
    const links = await Promise.all(
      readers.map(async token => ({ token, address: await link(valise.url, token, shared.id) })),
    )
    const fetchOne = async (i: number) => {
      const one = links[i % links.length]
      const got = await receive(one?.address ?? '', { authorization: `Bearer ${one?.token}` })
      if (got.bytes !== 10 * MiB) throw new Error(`A parallel download failed: ${got.status}`)
    }
    await Promise.all(Array.from({ length: 200 }, (_unused, i) => fetchOne(i)))
  })

  note('100 sign-ins at once, and what others feel of it …')
  const lookUps: number[] = []
  let flooding = true
  const others = (async () => {
    while (flooding) lookUps.push((await receive(`${valise.url}/api/v1/client/files`, bearer)).seconds * 1000)
  })()
  const flood = await Promise.all(
    Array.from({ length: 100 }, (_unused, i) =>
      json(`${valise.url}/api/v1/client/login`, 'POST', {
        email: `nobody${i}@nowhere.example`,
        password: 'wrong password',
      }),
    ),
  )
  flooding = false
  await others
  const kinds = Object.entries(Object.groupBy(flood, one => String(one.status))).map(
    ([status, all]) => `${all?.length}×${status}`,
  )

  note('The first page in a browser …')
  const contents = await firstContents(valise.url, values.quick ? 4 : 12)

  const ratio = (ours: number[], theirs: number[]) => (median(ours) / median(theirs)).toFixed(2)
  console.log(
    `\n${table([
      ['resumable upload (tus), MiB/s', 'tus', 'form', 'ratio'],
      ['in one request', spread(figures.upTus), spread(figures.up), ratio(figures.upTus, figures.up)],
      ['in chunks of 8 MiB', spread(figures.upTusChunks), spread(figures.up), ratio(figures.upTusChunks, figures.up)],
    ])}\n`,
  )
  console.log(
    `\n${table([
      ['work', 'Valise', 'plain Node', 'ratio'],
      [
        `upload ${size / MiB} MiB, MiB/s`,
        spread(figures.up),
        spread(figures.upPeer),
        ratio(figures.up, figures.upPeer),
      ],
      [
        `download ${size / MiB} MiB, MiB/s`,
        spread(figures.down),
        spread(figures.downPeer),
        ratio(figures.down, figures.downPeer),
      ],
    ])}\n\n${table([
      ['figure', 'measured', 'goal'],
      ['start to first answer, ms', spread(starts), '≤ 1000'],
      [
        'first content of the client door, cold load, ms',
        typeof contents === 'string' ? contents : spread(contents),
        '≤ 1000',
      ],
      ['memory idle, MiB', idle.toFixed(0), '≤ 80'],
      ['memory above idle, upload, MiB', (upPeak - idle).toFixed(0), '≤ 100'],
      ['memory above idle, download, MiB', (downPeak - idle).toFixed(0), '≤ 100'],
      ['memory, 200 downloads at once, MiB', parallel.peak.toFixed(0), '≤ 300'],
      [`other requests during 100 sign-ins (${kinds.join(' ')}), p99 ms`, quantile(lookUps, 0.99).toFixed(1), '≤ 100'],
    ])}\n\n${rounds} rounds; median (lowest–highest). "plain Node" writes and reads a file, without account, check, hash or encryption.`,
  )
} finally {
  disconnect()
  await valise.stop()
  await peer.stop()
  await rm(dataDir, { recursive: true, force: true })
}
