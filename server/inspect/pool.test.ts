import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { makeOffice, officeEntries } from '../../test/office.ts'
import { makeZip } from '../../test/zip.ts'
import { createInspector, InspectorBusy, type InspectorOptions } from './pool.ts'
import { bufferSource, fileSource, type Source, SourceFailure } from './source.ts'

const folder = mkdtempSync(join(tmpdir(), 'inspect-'))
after(() => rmSync(folder, { recursive: true }))

const honest = makeOffice({ type: 'docx', padTo: 3_000_000 })

const script = (name: string, text: string): URL => {
  writeFileSync(join(folder, name), text)
  return pathToFileURL(join(folder, name))
}

/** A worker that does what the name of the file says: `crash`, `loop`, `memory`, else it accepts. */
const misbehaving = script(
  'misbehaving.mjs',
  `import { parentPort } from 'node:worker_threads'
  const acts = {
    crash: () => { throw new Error('crashed') },
    exit: () => process.exit(3),
    loop: () => { for (;;); },
    memory: () => { for (const held = []; ; ) held.push(new Array(1e5).fill({})) },
    greedy: () => parentPort.postMessage({ kind: 'read', read: 1, position: 0, length: 2 ** 30 }),
    reading: () => parentPort.postMessage({ kind: 'read', read: 1, position: 0, length: 1 }),
  }
  parentPort.on('message', message => {
    if (message.kind === 'unreadable') parentPort.postMessage({ kind: 'unreadable' })
    else if (acts[message.name]) acts[message.name]()
    else parentPort.postMessage({ kind: 'verdict', verdict: { verdict: 'accept', type: null, findings: [] } })
  })`,
)

const using = async (
  options: InspectorOptions,
  act: (inspector: ReturnType<typeof createInspector>, reasons: string[]) => Promise<void>,
): Promise<void> => {
  const reasons: string[] = []
  const inspector = createInspector({ ...options, failed: reason => reasons.push(reason) })
  try {
    await act(inspector, reasons)
  } finally {
    await inspector.close()
  }
}

/** A source whose reads wait until they are let through. */
const gated = (bytes: Buffer): { source: Source; asked: Promise<void>; open: () => void } => {
  const gate = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  const read = async (position: number, length: number): Promise<Uint8Array> => {
    asked.resolve()
    await gate.promise
    return bytes.subarray(position, position + length)
  }
  return { source: { size: bytes.length, read }, asked: asked.promise, open: gate.resolve }
}

test('judges in a worker as it does here, and leaves the source its memory', () =>
  using({}, async inspector => {
    const bytes = Buffer.from(honest)
    const accepted = await inspector.inspect('a.docx', bufferSource(bytes))
    assert.deepEqual(accepted, { verdict: 'accept', type: 'docx', findings: [] })
    assert.deepEqual(bytes, honest)
    assert.equal(
      (await inspector.inspect('a.docx', bufferSource(honest.subarray(1)))).findings[0]?.code,
      'zip_structure',
    )
    assert.equal((await inspector.inspect('a.exe', bufferSource(honest))).findings[0]?.code, 'type_not_allowed')
  }))

test('reads files, and the operator’s policy counts', () =>
  using({ policy: { zip_names: 'block' } }, async inspector => {
    const path = join(folder, 'a.docx')
    writeFileSync(path, honest)
    const file = await open(path)
    assert.equal((await inspector.inspect('a.docx', fileSource(file, honest.length))).verdict, 'accept')
    await file.close()
    const entries = officeEntries({ type: 'docx' }).map(entry => ({
      ...entry,
      name: String(entry.name).replaceAll('/', '\\'),
    }))
    assert.equal((await inspector.inspect('a.docx', bufferSource(makeZip(entries)))).verdict, 'refuse')
  }))

for (const act of ['crash', 'exit', 'loop', 'memory'])
  test(`${act}: refused as failed, and the next file is judged`, () =>
    using(
      { script: misbehaving, timeoutMs: act === 'loop' ? 300 : 60_000, memoryMb: 64 },
      async (inspector, reasons) => {
        const verdict = await inspector.inspect(act, bufferSource(honest))
        assert.equal(verdict.verdict, 'refuse')
        assert.equal(verdict.findings[0]?.code, 'inspection_failed')
        assert.equal(reasons.length, 1)
        assert.equal((await inspector.inspect('fine', bufferSource(honest))).verdict, 'accept')
      },
    ))

test('a source that fails is no verdict: the promise rejects with its error, and the worker lives on', () =>
  using({}, async (inspector, reasons) => {
    const broken = new Error('disk')
    const source = { size: 1000, read: () => Promise.reject(broken) }
    await assert.rejects(
      inspector.inspect('a.docx', source),
      (error: Error) => error instanceof SourceFailure && error.cause === broken,
    )
    assert.equal((await inspector.inspect('a.docx', bufferSource(honest))).verdict, 'accept')
    const late = {
      size: honest.length,
      read: async (position: number, length: number) => {
        if (position > 1_000_000 && position < 2_000_000) throw broken
        return honest.subarray(position, position + length)
      },
    }
    await assert.rejects(inspector.inspect('a.docx', late), SourceFailure)
    assert.deepEqual(reasons, [])
  }))

test('waiting for the source is not the file’s fault: no limit on the worker’s time counts it', () =>
  using({ script: misbehaving, timeoutMs: 200 }, async inspector => {
    const { source } = gated(honest)
    await assert.rejects(inspector.inspect('reading', source), SourceFailure)
  }))

test('a worker cannot ask for more than a page', () =>
  using({ script: misbehaving }, async inspector => {
    const source = { size: 10, read: () => Promise.reject(new Error('was read')) }
    await assert.rejects(inspector.inspect('greedy', source), (error: Error) => error.cause instanceof RangeError)
  }))

test('two workers look at two files in the same moment, one at one after the other', async () => {
  for (const workers of [1, 2])
    await using({ workers }, async inspector => {
      const first = gated(honest)
      const second = gated(honest)
      const verdicts = [inspector.inspect('a.docx', first.source), inspector.inspect('b.docx', second.source)]
      await first.asked
      if (workers === 1) first.open()
      await second.asked
      first.open()
      second.open()
      for (const verdict of await Promise.all(verdicts)) assert.equal(verdict.verdict, 'accept')
    })
})

test('the queue is bounded, and closing answers everybody', async () => {
  const inspector = createInspector({ queue: 1 })
  const held = gated(honest)
  const running = assert.rejects(inspector.inspect('a.docx', held.source), /closed/)
  await held.asked
  const queued = assert.rejects(inspector.inspect('b.docx', held.source), /closed/)
  await assert.rejects(inspector.inspect('c.docx', held.source), InspectorBusy)
  await inspector.close()
  await Promise.all([running, queued])
  await assert.rejects(inspector.inspect('d.docx', held.source), /closed/)
})
