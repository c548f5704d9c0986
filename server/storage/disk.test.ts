import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs, { constants } from 'node:fs'
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it, mock } from 'node:test'
import { conformance, contentOf } from './conformance.ts'
import { closeFile, openFile, writeFully } from './descriptor.ts'
import { createDiskStore } from './disk.ts'
import { typing } from './disk-errors.ts'
import { createFaultyStore } from './faulty.ts'
import { type BlobStore, StorageFullError, StorageTamperedError } from './store.ts'

const newFolder = async (): Promise<string> => realpath(await mkdtemp(join(tmpdir(), 'valise-storage-')))
const newName = (): string => randomBytes(16).toString('base64url')

const open = async () => {
  const folder = await newFolder()
  return { store: await createDiskStore(folder), end: () => rm(folder, { recursive: true }) }
}
conformance({ label: 'A folder', random: randomBytes, open })
conformance({
  label: 'A faulty store without faults',
  random: randomBytes,
  open: async () => {
    const { store, end } = await open()
    return { store: createFaultyStore(store, {}), end }
  },
})

describe('A store in a folder', () => {
  let folder = ''
  let store: BlobStore
  beforeEach(async () => {
    folder = await newFolder()
    store = await createDiskStore(folder)
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const put = async (content: Uint8Array, name = newName()): Promise<string> => {
    const writer = await store.create(name)
    await writer.write([content])
    await writer.commit()
    return name
  }
  const pathOf = (name: string) => join(folder, 'blobs', name.slice(0, 2), name)

  it('keeps blobs in blobs/ab/', async () => {
    const name = await put(Buffer.from('sealed'))
    assert.equal(await readFile(pathOf(name), 'utf8'), 'sealed')
    assert.deepEqual(await readdir(join(folder, 'tmp')), [])
  })

  for (const umask of [0, 0o022, 0o077, 0o777]) {
    it(`makes folders 0700 and files 0600 under umask ${umask.toString(8)}`, async () => {
      const old = process.umask(umask)
      try {
        const inner = await createDiskStore(join(folder, 'inner'))
        const [name, unfinished] = [newName(), newName()]
        const writer = await inner.create(name)
        await writer.commit()
        await inner.create(unfinished)
        const at = (...path: string[]) => join(folder, 'inner', ...path)
        const mode = async (path: string) => (await stat(path)).mode & 0o7777
        for (const path of [at(), at('blobs'), at('tmp'), at('blobs', name.slice(0, 2))])
          assert.equal(await mode(path), 0o700, path)
        assert.equal(await mode(at('blobs', name.slice(0, 2), name)), 0o600)
        assert.equal(await mode(at('tmp', unfinished)), 0o600)
      } finally {
        process.umask(old)
      }
    })
  }

  it('closes folders that others could enter', async () => {
    await chmod(join(folder, 'blobs'), 0o777)
    await createDiskStore(folder)
    assert.equal((await stat(join(folder, 'blobs'))).mode & 0o7777, 0o700)
  })

  it('may itself be reached through a link', async () => {
    const elsewhere = await newFolder()
    await symlink(elsewhere, join(folder, 'data'))
    const linked = await createDiskStore(join(folder, 'data'))
    const name = newName()
    await (await linked.create(name)).commit()
    assert.equal((await contentOf(linked, name)).length, 0)
    await rm(elsewhere, { recursive: true })
  })

  describe('with planted links', () => {
    let outside = ''
    beforeEach(async () => {
      outside = await newFolder()
      await writeFile(join(outside, 'secret'), 'secret')
    })
    afterEach(() => rm(outside, { recursive: true }))
    const isUntouched = async () => {
      assert.deepEqual(await readdir(outside), ['secret'])
      assert.equal(await readFile(join(outside, 'secret'), 'utf8'), 'secret')
    }

    it('reads through no link in the place of a blob', async () => {
      const name = await put(Buffer.from('x'))
      await rm(pathOf(name))
      await symlink(join(outside, 'secret'), pathOf(name))
      await assert.rejects(store.open(name), StorageTamperedError)
      const listed = await Array.fromAsync(store.list())
      assert.deepEqual(listed, [])
    })

    it('waits for no pipe', async () => {
      const name = await put(Buffer.from('x'))
      await rm(pathOf(name))
      execFileSync('mkfifo', [pathOf(name)])
      await assert.rejects(store.open(name), StorageTamperedError)
    })

    for (const which of ['blobs', 'tmp', 'shard']) {
      it(`follows no link in the place of ${which}`, async () => {
        const name = await put(Buffer.from('x'))
        const path = which === 'shard' ? join(pathOf(name), '..') : join(folder, which)
        await mkdir(join(outside, name.slice(0, 2)))
        await writeFile(join(outside, name), 'outside')
        await writeFile(join(outside, name.slice(0, 2), name), 'outside')
        const writer = await store.create(`${name.slice(0, 2)}${newName().slice(2)}`)
        await writer.write([Buffer.from('y')])
        await rename(path, `${path}.moved`)
        await symlink(outside, path)

        await assert.rejects(store.remove(name), StorageTamperedError)
        await assert.rejects(writer.commit(), StorageTamperedError)
        if (which === 'tmp') await assert.rejects(store.create(newName()), StorageTamperedError)
        else await assert.rejects(store.open(name), StorageTamperedError)
        if (which !== 'shard') await assert.rejects(createDiskStore(folder), StorageTamperedError)
        if (which === 'tmp') await assert.rejects(store.sweepUnfinished(Date.now() + 60_000), StorageTamperedError)

        for (const kept of ['secret', name, join(name.slice(0, 2), name)]) await lstat(join(outside, kept))
        await rm(join(outside, name.slice(0, 2)), { recursive: true })
        await rm(join(outside, name))
        await isUntouched()
      })
    }

    it('writes through no link in the place of an unfinished blob', async () => {
      const name = newName()
      await symlink(join(outside, 'secret'), join(folder, 'tmp', name))
      await assert.rejects(store.create(name))
      await store.remove(name)
      await isUntouched()
      await put(Buffer.from('x'), name)
    })

    it('sweeps a link, not what it names', async () => {
      await symlink(join(outside, 'secret'), join(folder, 'tmp', newName()))
      assert.equal(await store.sweepUnfinished(Date.now() + 60_000), 1)
      await isUntouched()
    })
  })

  it('tells a missing blob from a disk that is not there', async () => {
    const name = await put(Buffer.from('x'))
    await rename(join(folder, 'blobs'), join(folder, 'unmounted'))
    await assert.rejects(store.open(name), StorageTamperedError)
    await assert.rejects(store.remove(name), StorageTamperedError)
  })

  it('leaves nothing behind when a name is taken', async () => {
    const name = await put(Buffer.from('x'))
    await assert.rejects(store.create(name))
    assert.deepEqual(await readdir(join(folder, 'tmp')), [])
  })

  it('says that the disk is full', async t => {
    if (process.platform !== 'linux') return t.skip('needs /dev/full')
    const fd = await openFile('/dev/full', constants.O_WRONLY)
    await assert.rejects(
      typing(() => writeFully(fd, [randomBytes(10)])),
      StorageFullError,
    )
    await closeFile(fd)
  })

  it('says that the disk is full after n bytes, when told so', async () => {
    const faulty = createFaultyStore(store, { fullAfter: 15 })
    const writer = await faulty.create(newName())
    await writer.write([randomBytes(10)])
    await assert.rejects(writer.write([randomBytes(10)]), StorageFullError)
    await writer.abort()
    assert.deepEqual(await readdir(join(folder, 'tmp')), [])
  })

  it('aborts only, after a failure', async () => {
    const writer = await store.create(newName())
    mock.method(fs, 'fsync', (_fd: number, done: (error: Error) => void) =>
      setImmediate(done, Object.assign(new Error('EIO'), { code: 'EIO' })),
    )
    syncBuiltinESMExports()
    try {
      await assert.rejects(writer.commit(), { code: 'EIO' })
    } finally {
      mock.restoreAll()
      syncBuiltinESMExports()
    }
    await assert.rejects(writer.commit(), /failed/)
    await assert.rejects(writer.write([]), /failed/)
    await writer.abort()
    assert.deepEqual(await readdir(join(folder, 'tmp')), [])
    assert.deepEqual(await Array.fromAsync(store.list()), [])
  })
})

describe('What commit does', () => {
  /** What the file system was asked, in order, with paths inside the store's folder. */
  const asked: string[] = []
  let folder = ''

  before(async () => {
    folder = await newFolder()
    const paths = new Map<number, string>()
    const { open, fsync, writev } = fs
    const renamed = fs.promises.rename
    mock.method(fs, 'open', (path: string, flags: number, mode: number, done: (e: Error | null, fd: number) => void) =>
      open(path, flags, mode, (error, fd) => {
        if (!error) paths.set(fd, relative(folder, path))
        done(error, fd)
      }),
    )
    mock.method(fs, 'fsync', (fd: number, done: (error: Error | null) => void) =>
      fsync(fd, error => {
        asked.push(`fsync ${paths.get(fd)}`)
        done(error)
      }),
    )
    mock.method(fs, 'writev', (fd: number, pieces: Uint8Array[], done: (e: Error | null, bytes: number) => void) => {
      asked.push(`write ${paths.get(fd)}`)
      // A short write, as a nearly full disk or a signal may cause.
      writev(fd, [(pieces[0] ?? Buffer.alloc(0)).subarray(0, 3)], done)
    })
    mock.method(fs.promises, 'rename', async (from: string, to: string) => {
      await renamed(from, to)
      asked.push(`rename ${relative(folder, from)} ${relative(folder, to)}`)
    })
    syncBuiltinESMExports()
  })
  after(async () => {
    mock.restoreAll()
    syncBuiltinESMExports()
    await rm(folder, { recursive: true })
  })

  it('is in the order that survives a power cut', async () => {
    const store = await createDiskStore(folder)
    const commit = async (name: string) => {
      asked.length = 0
      const writer = await store.create(name)
      await writer.write([Buffer.from('01234'), Buffer.from('56789')])
      await writer.commit()
      assert.equal((await contentOf(store, name)).toString(), '0123456789')
      return asked.join(', ')
    }
    const [a, b] = [`ab${newName()}`, `ab${newName()}`]
    const writes = (name: string) => Array(4).fill(`write tmp/${name}`).join(', ')
    assert.equal(
      await commit(a),
      `${writes(a)}, fsync tmp/${a}, fsync blobs, rename tmp/${a} blobs/ab/${a}, fsync blobs/ab`,
    )
    assert.equal(await commit(b), `${writes(b)}, fsync tmp/${b}, rename tmp/${b} blobs/ab/${b}, fsync blobs/ab`)
  })
})
