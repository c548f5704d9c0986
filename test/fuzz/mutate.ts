import { makeZip } from '../zip.ts'
import { mutateArchive } from './mutate-archive.ts'
import { mutateBytes } from './mutate-bytes.ts'
import { embed, mutateParts } from './mutate-parts.ts'
import type { Candidate } from './oracle.ts'
import type { Random } from './random.ts'
import type { Seed } from './seeds.ts'

/** A file made from one of `seeds`, with pieces of `others`, on one of three levels: its bytes, its archive, its parts. */
export const mutate = (seeds: readonly Seed[], others: readonly Seed[], random: Random): Candidate => {
  const { name, entries, bytes } = random.pick(seeds)
  const other = random.pick(others)
  const level = entries.length === 0 ? 0 : random.below(8)
  if (level < 2) return { name, bytes: mutateBytes(bytes, random, other.bytes) }
  if (level < 4) return { name, bytes: mutateArchive(entries, random, other.bytes) }
  const parts = mutateParts(entries, random)
  if (level === 4) return { name, bytes: mutateArchive(parts, random, other.bytes) }
  if (level === 5 && other.entries.length > 0)
    return { name: other.name, bytes: embed(makeZip(parts), other.entries, random) }
  return { name, bytes: makeZip(parts) }
}
