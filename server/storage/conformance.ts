import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { BlobClosedError, BlobExistsError, BlobMissingError, type BlobStore, type StoredBlob } from './store.ts'

type Subject = {
  label: string
  random: (bytes: number) => Buffer
  open: () => Promise<{ store: BlobStore; end: () => Promise<void> }>
}

/**
 * What every BlobStore must do: the contract of `store.ts` as tests. `open` gives a store that holds nothing; `random` gives
 * that many bytes.
 */
export const conformance = ({ label, random, open }: Subject): void => {
  const newName = (): string => random(16).toString('base64url')

  describe(`${label} keeps the contract of a blob store`, () => {
    let store: BlobStore
    let end = async () => {}
    before(async () => {
      const opened = await open()
      store = opened.store
      end = opened.end
    })
    after(() => end())

    const put = async (...pieces: Uint8Array[]): Promise<string> => {
      const name = newName()
      const writer = await store.create(name)
      await writer.write(pieces)
      await writer.commit()
      return name
    }
    const find = async (name: string): Promise<StoredBlob | undefined> => {
      for await (const blob of store.list()) if (blob.name === name) return blob
      return undefined
    }

    it('gives back what was written, in order, whatever the pieces', async () => {
      const pieces = [1, 0, 65_536, 3, 200_000].map(size => random(size))
      const name = newName()
      const writer = await store.create(name)
      await writer.write(pieces.slice(0, 3))
      await writer.write([])
      await writer.write(pieces.slice(3))
      await writer.commit()
      assert.deepEqual(await contentOf(store, name), Buffer.concat(pieces))
    })

    it('takes a thousand pieces at once', async () => {
      const pieces = Array.from({ length: 3000 }, () => random(7))
      assert.deepEqual(await contentOf(store, await put(...pieces)), Buffer.concat(pieces))
    })

    it('reads at any place and stops at the end', async () => {
      const content = random(100_000)
      const reader = await store.open(await put(content))
      assert.equal(reader.size, 100_000)
      const into = Buffer.alloc(1000)
      assert.equal(await reader.read(into, 54_321), 1000)
      assert.deepEqual(into, content.subarray(54_321, 55_321))
      assert.equal(await reader.read(into, 99_900), 100)
      assert.deepEqual(into.subarray(0, 100), content.subarray(99_900))
      assert.equal(await reader.read(into, 100_000), 0)
      assert.equal(await reader.read(into, 5_000_000), 0)
      assert.equal(await reader.read(Buffer.alloc(0), 0), 0)
      await reader.close()
    })

    it('serves many readers of one blob at once', async () => {
      const content = random(300_000)
      const name = await put(content)
      const copies = await Promise.all(Array.from({ length: 20 }, () => contentOf(store, name)))
      for (const copy of copies) assert.deepEqual(copy, content)
    })

    it('keeps a blob of no bytes', async () => {
      const name = newName()
      await (await store.create(name)).commit()
      assert.equal((await contentOf(store, name)).length, 0)
      assert.equal((await find(name))?.size, 0)
    })

    it('shows nothing before the commit', async () => {
      const name = newName()
      const writer = await store.create(name)
      await writer.write([random(10)])
      await assert.rejects(store.open(name), BlobMissingError)
      assert.equal(await find(name), undefined)
      await writer.commit()
      assert.equal((await find(name))?.size, 10)
    })

    it('lists name, size and time', async () => {
      const start = Date.now() - 5000
      const blob = await find(await put(random(1234)))
      assert.equal(blob?.size, 1234)
      assert.ok(blob.modified >= start && blob.modified <= Date.now() + 5000)
    })

    it('says that a blob is missing', async () => {
      await assert.rejects(store.open(newName()), BlobMissingError)
    })

    it('removes for good, as often as asked', async () => {
      const name = await put(random(10))
      await store.remove(name)
      await store.remove(name)
      await store.remove(newName())
      await assert.rejects(store.open(name), BlobMissingError)
      assert.equal(await find(name), undefined)
    })

    it('lets a reader finish that was there before the removal', async () => {
      const content = random(100_000)
      const name = await put(content)
      const reader = await store.open(name)
      await store.remove(name)
      const into = Buffer.alloc(100_000)
      assert.equal(await reader.read(into, 0), 100_000)
      assert.deepEqual(into, content)
      await reader.close()
    })

    it('forgets what was aborted, as often as asked', async () => {
      const name = newName()
      const writer = await store.create(name)
      await writer.write([random(10)])
      await writer.abort()
      await writer.abort()
      await assert.rejects(store.open(name), BlobMissingError)
      await assert.rejects(writer.write([random(1)]), BlobClosedError)
      await assert.rejects(writer.commit(), BlobClosedError)
    })

    it('keeps a committed blob when its writer is aborted', async () => {
      const name = newName()
      const writer = await store.create(name)
      await writer.commit()
      await writer.abort()
      await (await store.open(name)).close()
      await assert.rejects(writer.write([random(1)]), BlobClosedError)
    })

    it('refuses a second call while one is under way', async () => {
      const writer = await store.create(newName())
      const first = writer.write([random(1_000_000)])
      await assert.rejects(writer.write([random(1)]), BlobClosedError)
      await assert.rejects(writer.commit(), BlobClosedError)
      await first
      await writer.abort()
    })

    it('aborts in the middle of a write', async () => {
      const name = newName()
      const writer = await store.create(name)
      const writing = writer.write([random(1_000_000)])
      await writer.abort()
      await writing
      await assert.rejects(store.open(name), BlobMissingError)
    })

    it('never overwrites', async () => {
      const content = random(10)
      const name = await put(content)
      await assert.rejects(store.create(name), BlobExistsError)
      assert.deepEqual(await contentOf(store, name), content)
    })

    it('lets one writer at a time hold a name', async () => {
      const name = newName()
      const writer = await store.create(name)
      await assert.rejects(store.create(name), BlobExistsError)
      await writer.abort()
      await (await store.create(name)).abort()
    })

    it('fails the commit of a blob removed meanwhile', async () => {
      const name = newName()
      const writer = await store.create(name)
      await writer.write([random(10)])
      await store.remove(name)
      await assert.rejects(writer.commit(), BlobMissingError)
      await writer.abort()
      await assert.rejects(store.open(name), BlobMissingError)
    })

    it('ends reads under way when the reader is closed', async () => {
      const reader = await store.open(await put(random(5_000_000)))
      const reading = assert.rejects(reader.read(Buffer.alloc(5_000_000), 0), BlobClosedError)
      let readSettled = false
      const settled = reading.then(() => {
        readSettled = true
      })
      await reader.close()
      await settled
      assert.ok(readSettled)
      await reader.close()
      await assert.rejects(reader.read(Buffer.alloc(1), 0), BlobClosedError)
    })

    it('sweeps what nobody finished, and nothing else', async () => {
      const kept = await put(random(10))
      const writer = await store.create(newName())
      await writer.write([random(10)])
      assert.equal(await store.sweepUnfinished(Date.now() - 60_000), 0)
      assert.equal(await store.sweepUnfinished(Date.now() + 60_000), 1)
      await assert.rejects(writer.commit(), BlobMissingError)
      await writer.abort()
      assert.equal((await contentOf(store, kept)).length, 10)
    })

    it('goes on where a writer left off', async () => {
      const [first, second, third] = [random(70_000), random(3), random(200_000)]
      const name = newName()
      const began = await store.create(name)
      await began.write([first])
      await began.sync()
      await began.leave()
      await began.leave()
      await assert.rejects(began.write([random(1)]), BlobClosedError)
      await assert.rejects(store.open(name), BlobMissingError)
      const next = await store.resume(name, 70_000)
      await next.write([second])
      await next.sync()
      await next.write([third])
      await next.commit()
      await next.leave()
      assert.deepEqual(await contentOf(store, name), Buffer.concat([first, second, third]))
    })

    it('drops what stands behind the length it goes on from', async () => {
      const content = random(100_000)
      const name = newName()
      const began = await store.create(name)
      await began.write([content])
      await began.leave()
      const shorter = await store.resume(name, 60_000)
      await shorter.leave()
      await assert.rejects(store.resume(name, 60_001), BlobMissingError)
      const again = await store.resume(name, 10)
      await again.write([content.subarray(0, 5)])
      await again.commit()
      assert.deepEqual(await contentOf(store, name), Buffer.concat([content.subarray(0, 10), content.subarray(0, 5)]))
    })

    it('begins anew from nothing, whatever was left', async () => {
      const fresh = newName()
      await (await store.resume(fresh, 0)).commit()
      assert.equal((await contentOf(store, fresh)).length, 0)
      const name = newName()
      const began = await store.create(name)
      await began.write([random(1000)])
      await began.leave()
      const again = await store.resume(name, 0)
      await again.write([Buffer.from('new')])
      await again.sync()
      await again.commit()
      assert.equal((await contentOf(store, name)).toString(), 'new')
    })

    it('goes on with nothing that is not there, committed, forgotten, or at work', async () => {
      await assert.rejects(store.resume(newName(), 1), BlobMissingError)
      const committed = await put(random(10))
      for (const length of [0, 10]) await assert.rejects(store.resume(committed, length), BlobExistsError)
      assert.equal((await contentOf(store, committed)).length, 10)
      const name = newName()
      const writer = await store.create(name)
      await writer.write([random(10)])
      for (const length of [0, 10]) await assert.rejects(store.resume(name, length), BlobExistsError)
      await writer.leave()
      const next = await store.resume(name, 10)
      await assert.rejects(store.resume(name, 10), BlobExistsError)
      await assert.rejects(store.create(name), BlobExistsError)
      await next.abort()
      await assert.rejects(store.resume(name, 1), BlobMissingError)
    })

    it('removes what was left, and sweeps it when it is old', async () => {
      const left = async (): Promise<string> => {
        const name = newName()
        const writer = await store.create(name)
        await writer.write([random(10)])
        await writer.leave()
        return name
      }
      const removed = await left()
      await store.remove(removed)
      await assert.rejects(store.resume(removed, 10), BlobMissingError)
      const swept = await left()
      assert.equal(await store.sweepUnfinished(Date.now() - 60_000), 0)
      await (await store.resume(swept, 10)).leave()
      assert.equal(await store.sweepUnfinished(Date.now() + 60_000), 1)
      await assert.rejects(store.resume(swept, 10), BlobMissingError)
    })

    it('refuses names that are no random blob names', async () => {
      const long = 'a'.repeat(22)
      for (const name of [
        '',
        '.',
        '..',
        'short',
        `../${long}`,
        `${long}/x`,
        `${long}\0`,
        `${long}.`,
        'a'.repeat(65),
        `é${long}`,
      ]) {
        await assert.rejects(async () => store.create(name), TypeError, name)
        await assert.rejects(async () => store.resume(name, 0), TypeError, name)
        await assert.rejects(async () => store.open(name), TypeError, name)
        await assert.rejects(async () => store.remove(name), TypeError, name)
      }
    })

    it('knows its free space, or says that it does not', async () => {
      const free = await store.freeSpace()
      assert.ok(free === undefined || (Number.isSafeInteger(free) && free > 0))
    })
  })
}

export const contentOf = async (store: BlobStore, name: string): Promise<Buffer> => {
  const reader = await store.open(name)
  try {
    const content = Buffer.alloc(reader.size)
    assert.equal(await reader.read(content, 0), reader.size)
    return content
  } finally {
    await reader.close()
  }
}
