import { lstat, opendir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { typing, unlessMissing } from './disk-errors.ts'
import { createDiskReader } from './disk-reader.ts'
import { createDiskWriter, resumeDiskWriter } from './disk-writer.ts'
import { createFolders, type Folders, syncFolder } from './folders.ts'
import { roomIn } from './room.ts'
import { BLOB_NAME, type BlobStore, type StoredBlob } from './store.ts'

/**
 * A store in a folder of this machine: `blobs/ab/<name>` and `tmp/<name>`, folders 0700 and files 0600 whatever the umask.
 * Makes the folder if it is not there. The folder may be a link, nothing below it: planted links are refused with
 * StorageTamperedError, neither followed nor replaced.
 */
export const createDiskStore = async (folder: string): Promise<BlobStore> => {
  const folders = await typing(() => createFolders(folder))
  const held = new Set<string>()
  return {
    create: name => createDiskWriter({ folders, held }, name),
    resume: (name, length) => resumeDiskWriter({ folders, held }, name, length),
    open: name => createDiskReader(folders, name),
    remove: name => typing(() => remove(folders, name)),
    list: () => list(folders),
    sweepUnfinished: before => typing(() => sweepUnfinished(folders, before)),
    freeSpace: () => roomIn(folders.blobs),
  }
}

const remove = async (folders: Folders, name: string): Promise<void> => {
  const path = folders.blobPath(name)
  folders.checkTmp()
  // First what is unfinished: the other way round, a writer could move it into place behind our back.
  await rm(folders.unfinishedPath(name), { force: true })
  await unlessMissing(async () => {
    folders.checkWayTo(name)
    await rm(path, { force: true })
    // Also when it was gone already: the removal that did it may have been cut off before it was durable.
    await syncFolder(dirname(path))
  })
}

async function* list(folders: Folders): AsyncGenerator<StoredBlob> {
  for await (const shard of await opendir(folders.blobs)) {
    if (!shard.isDirectory()) continue
    const path = join(folders.blobs, shard.name)
    for await (const entry of await opendir(path)) {
      if (!entry.isFile() || !BLOB_NAME.test(entry.name)) continue
      const stats = await unlessMissing(() => lstat(join(path, entry.name)))
      if (stats?.isFile()) yield { name: entry.name, size: stats.size, modified: stats.mtimeMs }
    }
  }
}

const sweepUnfinished = async (folders: Folders, before: number): Promise<number> => {
  folders.checkTmp()
  let swept = 0
  for await (const entry of await opendir(folders.tmp)) {
    const path = join(folders.tmp, entry.name)
    const stats = await unlessMissing(() => lstat(path))
    // Links too: `rm` takes the link, not what it names.
    if (!stats || stats.isDirectory() || stats.mtimeMs >= before) continue
    await rm(path, { force: true })
    swept++
  }
  return swept
}
