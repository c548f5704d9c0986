import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { type Downloads, openDownloads } from '../../test/db/downloads.ts'
import type { Db } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { Reason } from './record.ts'
import { createRunning, type Running } from './running.ts'

const log = pino({ level: 'silent' })
const limits = { perClient: 2, perProcess: 3 }

/** A stream that sends nothing and ends when it is told. */
const add = (
  running: Running,
  scene: Downloads,
  ids: { download: string; link: string },
  number = 1,
  single = false,
) => {
  const { promise, resolve } = Promise.withResolvers<Reason>()
  const { client, file } = scene
  const who = { id: client, role: 'client', email: '', name: '' } as const
  const part = { ...ids, single, client, who, size: 20_000, file: { id: file, owner: client, name: '' } }
  const sending = {
    stop: resolve,
    done: promise.then(reason => ({ reason, error: undefined })),
    sent: () => [0, 0] as const,
    handed: () => 0,
    allHanded: () => false,
    trim: () => {},
  }
  running.add({ part, number, sending, settled: promise.then(() => {}) })
  return promise
}

/** After everything that follows from what has happened already. */
const settled = () => new Promise(resolve => setImmediate(resolve))

const open = async (t: Parameters<typeof openDownloads>[0], db: (real: Db) => Db = real => real) => {
  let closeScene = async (): Promise<void> => {}
  const scene = await openDownloads({
    after: close => {
      closeScene = close
    },
  })
  const running = createRunning({ db: db(scene.db), log, limits })
  t.after(async () => {
    await running.close()
    await closeScene()
  })
  return { scene, running }
}

test('a stream whose right goes is ended, and only that one', async t => {
  const { scene, running } = await open(t)
  const [kept, revoked] = [await scene.download('kept'), await scene.download('revoked')]
  const keeps = add(running, scene, kept)
  const ends = add(running, scene, revoked)
  await scene.db.write(async tx => {
    await tx.updateTable('links').set({ revoked_at: 1 }).where('id', '=', revoked.link).execute()
  })
  const began = performance.now()
  assert.equal(await ends, 'withdrawn')
  assert.ok(performance.now() - began < 1000)
  await settled()
  assert.deepEqual(running.downloads(), [kept.download])
  await running.close()
  assert.equal(await keeps, 'closing')
})

test('a newer request that another process serves ends the older stream of a single-use link', async t => {
  const { scene, running } = await open(t)
  const ids = await scene.download('single', 0, true)
  const many = await scene.download('many')
  const older = add(running, scene, ids, 1, true)
  add(running, scene, many, 1, false)
  await scene.db.write(async tx => {
    await tx.updateTable('downloads').set({ stream: 2 }).execute()
  })
  assert.equal(await older, 'replaced')
  await settled()
  assert.equal(running.count(), 1)
})

for (const [name, silent] of [
  ['fails', () => Promise.reject(new Error('no database'))],
  ['never answers', () => new Promise<number>(() => {})],
] as const) {
  test(`everything ends when the database ${name} for three seconds`, async t => {
    const { scene, running } = await open(t, real => ({ ...real, now: silent }))
    const stream = add(running, scene, await scene.download(name))
    const began = performance.now()
    assert.equal(await stream, 'withdrawn')
    const took = performance.now() - began
    assert.ok(took > 2900 && took < 4500, `${took} ms`)
  })
}

test('places are bounded for a client and for the process, and come back once', async t => {
  const { running } = await open(t)
  const refusedWith = (code: string) => (error: unknown) => error instanceof AppError && error.code === code
  const leave = running.admit('a')
  running.admit('a')
  assert.throws(() => running.admit('a'), refusedWith('too_many_requests'))
  running.admit('b')
  assert.throws(() => running.admit('c'), refusedWith('unavailable'))
  leave()
  leave()
  running.admit('c')
  assert.throws(() => running.admit('a'), refusedWith('unavailable'))
  await running.close()
  assert.throws(() => running.admit('d'), refusedWith('unavailable'))
})

test('on a single-use link each waits for the account of the one before', async t => {
  const { scene, running } = await open(t)
  const ids = await scene.download('turns', 0, true)
  const order: string[] = []
  const turn = (name: string) =>
    running.inTurn(ids.link, async () => {
      order.push(`${name} begins`)
      add(running, scene, ids, 1, true).then(reason => order.push(`${name} ${reason}`))
    })
  await Promise.all([turn('first'), turn('second'), turn('third')])
  assert.deepEqual(order, ['first begins', 'first replaced', 'second begins', 'second replaced', 'third begins'])
})
