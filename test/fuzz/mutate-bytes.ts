import type { Random } from './random.ts'

const INTERESTING = [0, 1, 2, 4, 8, 20, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xfffe, 0xffff, 0x7fffffff, 0x80000000]
const WIDE = [0xfffffffe, 0xffffffff, 0x04034b50, 0x08074b50]
const SIGNATURES = ['PK\x03\x04', 'PK\x01\x02', 'PK\x05\x06', 'PK\x06\x06', 'PK\x06\x07', 'PK\x07\x08']
/** Where each header's fields lie behind its signature, and how wide they are (APPNOTE 4.3). */
const FIELDS: Readonly<Record<string, readonly [at: number, width: number][]>> = {
  'PK\x03\x04': [
    [4, 2],
    [6, 2],
    [8, 2],
    [14, 4],
    [18, 4],
    [22, 4],
    [26, 2],
    [28, 2],
  ],
  'PK\x01\x02': [
    [4, 2],
    [6, 2],
    [8, 2],
    [10, 2],
    [16, 4],
    [20, 4],
    [24, 4],
    [28, 2],
    [30, 2],
    [32, 2],
    [34, 2],
    [36, 2],
    [38, 4],
    [42, 4],
  ],
  'PK\x05\x06': [
    [4, 2],
    [6, 2],
    [8, 2],
    [10, 2],
    [12, 4],
    [16, 4],
    [20, 2],
  ],
  'PK\x06\x06': [
    [4, 4],
    [8, 4],
    [16, 4],
    [20, 4],
    [24, 4],
    [32, 4],
    [40, 4],
    [48, 4],
  ],
  'PK\x06\x07': [
    [4, 4],
    [8, 4],
    [12, 4],
    [16, 4],
  ],
  'PK\x07\x08': [
    [4, 4],
    [8, 4],
    [12, 4],
  ],
}

type Mutate = (bytes: Buffer, random: Random, other: Buffer) => Buffer

const range = (bytes: Buffer, random: Random): Buffer => {
  const at = random.below(bytes.length + 1)
  return bytes.subarray(at, at + 1 + random.below(random.chance(0.5) ? 16 : 4096))
}
const splice = (bytes: Buffer, at: number, remove: number, insert: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)])

const positionsOf = (bytes: Buffer, signature: string): number[] => {
  const found: number[] = []
  for (let at = bytes.indexOf(signature, 0, 'latin1'); at >= 0; at = bytes.indexOf(signature, at + 1, 'latin1'))
    found.push(at)
  return found
}

const setField: Mutate = (bytes, random) => {
  const signature = random.pick(SIGNATURES)
  const positions = positionsOf(bytes, signature)
  if (positions.length === 0) return bytes
  const [offset, width] = random.pick(FIELDS[signature] ?? [[0, 4]])
  const at = random.pick(positions) + offset
  if (at + width > bytes.length) return bytes
  const now = bytes.readUIntLE(at, width)
  const value = random.chance(0.4)
    ? now + random.below(9) - 4
    : random.pick([...INTERESTING, ...WIDE, bytes.length, random.below(bytes.length + 1), ...positions])
  const changed = Buffer.from(bytes)
  changed.writeUIntLE(((value % 256 ** width) + 256 ** width) % 256 ** width, at, width)
  return changed
}

/** One field of an entry, changed in the local header and in the directory alike: a lie without a contradiction. */
const setBoth: Mutate = (bytes, random) => {
  const central = positionsOf(bytes, 'PK\x01\x02')
  if (central.length === 0) return bytes
  const at = random.pick(central)
  if (at + 46 > bytes.length) return bytes
  const local = bytes.readUInt32LE(at + 42)
  const [inCentral, inLocal, width] = random.pick([
    [8, 6, 2],
    [10, 8, 2],
    [16, 14, 4],
    [20, 18, 4],
    [24, 22, 4],
  ] as const)
  if (local + 30 > bytes.length) return bytes
  const value = random.chance(0.5)
    ? Math.max(0, bytes.readUIntLE(at + inCentral, width) + random.below(5) - 2)
    : random.pick([...INTERESTING, 0x800, 0x808, 0x8])
  const changed = Buffer.from(bytes)
  changed.writeUIntLE(value % 256 ** width, at + inCentral, width)
  changed.writeUIntLE(value % 256 ** width, local + inLocal, width)
  return changed
}

const mutations: readonly Mutate[] = [
  setField,
  setField,
  setField,
  setBoth,
  (bytes, random) => {
    if (bytes.length === 0) return bytes
    const changed = Buffer.from(bytes)
    const at = random.below(bytes.length)
    changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8))
    return changed
  },
  (bytes, random) => splice(bytes, random.below(bytes.length + 1), 1, random.bytes(1)),
  (bytes, random) => splice(bytes, random.below(bytes.length + 1), range(bytes, random).length, Buffer.alloc(0)),
  (bytes, random) => splice(bytes, random.below(bytes.length + 1), 0, range(bytes, random)),
  (bytes, random) => {
    const copy = range(bytes, random)
    return splice(bytes, random.below(bytes.length + 1), copy.length, copy)
  },
  (bytes, random, other) => splice(bytes, random.below(bytes.length + 1), 0, range(other, random)),
  (bytes, random) => splice(bytes, random.below(bytes.length + 1), 0, Buffer.from(random.pick(SIGNATURES), 'latin1')),
  (bytes, random) => splice(bytes, random.below(bytes.length + 1), 0, random.bytes(1 + random.below(40))),
  (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  (bytes, random, other) => (random.chance(0.5) ? Buffer.concat([bytes, other]) : Buffer.concat([other, bytes])),
  (bytes, random) => Buffer.concat([bytes, random.chance(0.5) ? Buffer.alloc(random.below(100)) : Buffer.from('\r\n')]),
]

/** One to four changes to the bytes of a file, whatever they mean. `other` is another file to take pieces from. */
export const mutateBytes: Mutate = (bytes, random, other) => {
  let changed = bytes
  for (let count = 1 + random.below(4); count > 0; count--) changed = random.pick(mutations)(changed, random, other)
  return changed
}
