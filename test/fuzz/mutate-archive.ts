import { crc32, deflateRawSync } from 'node:zlib'
import { makeZip, type StatedFields, type ZipEntry, type ZipOptions } from '../zip.ts'
import type { Random } from './random.ts'

type Plan = { entries: ZipEntry[]; options: ZipOptions }
type Mutate = (plan: Plan, random: Random, other: Buffer) => void

const dataOf = ({ data }: ZipEntry): Buffer => (data === undefined ? Buffer.alloc(0) : Buffer.from(data))
const nameOf = ({ name }: ZipEntry): string => (typeof name === 'string' ? name : name.toString('latin1'))

const change = (plan: Plan, random: Random, make: (entry: ZipEntry) => Partial<ZipEntry>): void => {
  const at = random.below(plan.entries.length)
  const entry = plan.entries[at]
  if (entry !== undefined) plan.entries[at] = { ...entry, ...make(entry) }
}
const insert = (plan: Plan, random: Random, entry: ZipEntry): void => {
  plan.entries.splice(random.below(plan.entries.length + 1), 0, entry)
}

const extraField = (id: number, body: Buffer): Buffer => {
  const head = Buffer.alloc(4)
  head.writeUInt16LE(id)
  head.writeUInt16LE(body.length, 2)
  return Buffer.concat([head, body])
}
const u64s = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(8 * values.length)
  for (const [nth, value] of values.entries()) bytes.writeBigUInt64LE(BigInt(value), 8 * nth)
  return bytes
}
const u32s = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [nth, value] of values.entries()) bytes.writeUInt32LE(value >>> 0, 4 * nth)
  return bytes
}

/** Another name that some program may take for this one. */
const alike = (name: string, random: Random): string =>
  random.pick<(name: string) => string>([
    same => same,
    text => text.toUpperCase(),
    text => text.replace(/^./, first => (first === first.toUpperCase() ? first.toLowerCase() : first.toUpperCase())),
    text => text.replaceAll('/', '\\'),
    text => `/${text}`,
    text => `./${text}`,
    text => text.replace('/', '//'),
    text => text.replace('/', '/./'),
    text => `x/../${text}`,
    text => `${text}/`,
    text => `${text}.`,
    text => `${text} `,
    text => `${text}\0`,
    text => text.replace('e', '%65'),
    text => text.replace('/', '%2F'),
    text => text.replace('/', '%5c'),
    text => text.replace('o', 'о'),
    text => text.replace('K', '\u212a').replace('s', '\u017f'),
    text => text.replace('e', 'e\u0301'),
    text => text.replace('xml', '\uff58ml'),
    text => text.normalize('NFD'),
  ])(name)

const lie = (entry: ZipEntry, random: Random): Partial<StatedFields> => {
  const data = dataOf(entry)
  const packed = deflateRawSync(data)
  return random.pick<Partial<StatedFields>>([
    {
      size: random.pick(
        [0, 1, data.length - 1, data.length + 1, packed.length, 0xffffffff].map(value => Math.max(0, value)),
      ),
    },
    { compressedSize: random.pick([0, 1, data.length, packed.length + 1, 0xffffffff]) },
    { method: random.pick([0, 8, 9, 12, 14, 93, 95, 99]), compressedSize: random.pick([data.length, packed.length]) },
    { crc: random.pick([0, 0x08074b50, 0xffffffff]) },
    { flags: random.pick([0, 1, 2, 8, 0x20, 0x40, 0x800, 0x808, 0x2000, 0x8000]) },
    { name: alike(nameOf(entry), random) },
    { extra: extraField(random.pick([1, 0x7075, 0x9901, 0xa220, 0x5455]), random.bytes(random.below(28))) },
    { extra: extraField(1, u64s(...[data.length, packed.length, 0].slice(0, random.below(4)))) },
    { version: random.pick([0, 10, 45, 63, 0xffff]) },
  ])
}

const descriptorOf = (entry: ZipEntry, random: Random): ZipEntry['descriptor'] => {
  const data = dataOf(entry)
  const packed = (entry.method ?? 8) === 8 ? deflateRawSync(data).length : data.length
  const crc = crc32(data)
  return random.pick<ZipEntry['descriptor']>([
    'signed',
    'unsigned',
    'signed64',
    'unsigned64',
    Buffer.alloc(0),
    u32s(0x08074b50, crc, packed, data.length, 0, 0),
    u32s(crc, data.length, packed),
    u32s(0x08074b50, crc, 0, 0),
    u32s(0x08074b50, 0x08074b50, crc, packed, data.length),
    random.bytes(random.pick([12, 16, 20, 24])),
  ])
}

const local = (name: string, data: Buffer): Buffer => {
  const zip = makeZip([{ name, data }])
  return zip.subarray(0, zip.indexOf('PK\x01\x02', 0, 'latin1'))
}

const mutations: readonly Mutate[] = [
  (plan, random) => change(plan, random, entry => ({ local: { ...entry.local, ...lie(entry, random) } })),
  (plan, random) => change(plan, random, entry => ({ central: { ...entry.central, ...lie(entry, random) } })),
  (plan, random) =>
    change(plan, random, entry => {
      const both = lie(entry, random)
      return { local: { ...entry.local, ...both }, central: { ...entry.central, ...both } }
    }),
  (plan, random) => change(plan, random, entry => ({ descriptor: descriptorOf(entry, random) })),
  (plan, random) => change(plan, random, entry => ({ descriptor: descriptorOf(entry, random), method: 0 })),
  (plan, random) => change(plan, random, () => ({ method: 0 })),
  (plan, random) => change(plan, random, () => ({ gapAfter: random.bytes(random.below(40)) })),
  (plan, random) => change(plan, random, () => ({ directoryOnly: true })),
  (plan, random) =>
    change(plan, random, entry => ({
      central: { ...entry.central, offset: random.pick([0, 30, 0xffffffff, random.below(2000)]) },
    })),
  (plan, random) =>
    change(plan, random, entry => ({
      central: {
        ...entry.central,
        externalAttributes: random.pick([0x10, 0x41ed0000, 0xa1ff0000, 0x81a40000, 0x11a40000]),
        madeBy: random.pick([20, 0x314, 0x1314]),
      },
    })),
  (plan, random) => change(plan, random, entry => ({ name: alike(nameOf(entry), random) })),
  (plan, random) =>
    change(plan, random, entry => ({ name: alike(nameOf(entry), random), flags: random.pick([0, 0x800]) })),
  (plan, random, other) => {
    const entry = random.pick(plan.entries)
    insert(plan, random, {
      ...entry,
      name: alike(nameOf(entry), random),
      data: random.chance(0.5) ? dataOf(entry) : other,
    })
  },
  (plan, random) =>
    insert(plan, random, { name: random.pick(['word/', 'word', 'x/', 'word/document.xml/']), data: '', method: 0 }),
  (plan, random) => void plan.entries.splice(random.below(plan.entries.length), 1),
  (plan, random) => void plan.entries.push(...plan.entries.splice(random.below(plan.entries.length), 1)),
  // An archive, or what could be a part of one, in an entry: readers that lose their way find another document.
  (plan, random, other) => insert(plan, random, { name: 'word/media/a.bin', data: other, method: random.pick([0, 8]) }),
  (plan, random) =>
    insert(plan, random, {
      name: 'word/media/b.bin',
      data: Buffer.concat([
        random.bytes(random.below(20)),
        local('word/document.xml', Buffer.from('<x/>')),
        random.bytes(4),
      ]),
      method: 0,
      ...(random.chance(0.5) && { descriptor: 'signed' }),
    }),
  (plan, random) => {
    plan.options.zip64 = random.pick([
      {},
      { entries: BigInt(random.below(20)) },
      { directoryOffset: BigInt(random.below(9999)) },
      { recordOffset: 0n },
      { directorySize: 1n },
    ])
    if (random.chance(0.5))
      plan.options.end = random.pick([
        { entries: 0xffff },
        { size: 0xffffffff },
        { offset: 0xffffffff },
        { entries: 0xffff, size: 0xffffffff, offset: 0xffffffff },
      ])
  },
  (plan, random) => {
    plan.options.end = random.pick([
      { disk: 1 },
      { directoryDisk: 0xffff },
      { entriesHere: 1 },
      { entries: plan.entries.length - 1 },
      { size: random.below(999) },
      { offset: random.below(9999) },
    ])
  },
  (plan, random, other) => {
    plan.options.comment = random.pick([other.subarray(0, 0xffff), random.bytes(20), makeZip([])])
  },
  (plan, random, other) => {
    plan.options.suffix = random.pick([
      other,
      makeZip([]),
      Buffer.alloc(random.below(70_000)),
      Buffer.from('\r\n'),
      Buffer.from('\n'),
    ])
  },
  (plan, random, other) => {
    plan.options.prefix = random.pick([other, Buffer.from('MZ'), local('a', Buffer.from('a'))])
  },
  (plan, random, other) => {
    plan.options.beforeDirectory = random.pick([
      other,
      makeZip([]),
      local('word/document.xml', Buffer.from('<x/>')),
      random.bytes(16),
    ])
  },
  (plan, random) =>
    change(plan, random, () => ({
      extra: random.pick([
        Buffer.from('PK\x05\x06'.padEnd(22, '\0'), 'latin1'),
        extraField(0xcafe, random.bytes(4)),
        Buffer.alloc(3),
      ]),
    })),
  (plan, random) => change(plan, random, () => ({ extra: extraField(0xcafe, Buffer.from(makeZip([]))) })),
]

/** The entries put together as no honest program does, in one to three ways. */
export const mutateArchive = (entries: ZipEntry[], random: Random, other: Buffer): Buffer => {
  const plan: Plan = { entries: [...entries], options: {} }
  for (let count = 1 + random.below(3); count > 0; count--)
    if (plan.entries.length > 0) random.pick(mutations)(plan, random, other)
  return makeZip(plan.entries, plan.options)
}
