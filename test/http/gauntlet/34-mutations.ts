/** What somebody with the storage in hand can do to one file; undefined where it does not apply. */
export type Mutation = (blob: Buffer, other: Buffer, pick: Pick) => Buffer | undefined

/** Chooses from 0 to `below`, exclusive. */
export type Pick = (below: number) => number

const HEADER = 74
const SEGMENT = 65_536

/** The header and the segments of a blob (formats.md). */
export const partsOf = (blob: Buffer): { header: Buffer; segments: Buffer[] } => {
  const segments: Buffer[] = []
  for (let at = HEADER; at < blob.length; at += SEGMENT) segments.push(blob.subarray(at, at + SEGMENT))
  return { header: blob.subarray(0, HEADER), segments }
}

const changed = (blob: Buffer, change: (copy: Buffer) => void): Buffer => {
  const copy = Buffer.from(blob)
  change(copy)
  return copy
}

const flip = (copy: Buffer, at: number, bit: number): void => {
  copy[at] = (copy[at] ?? 0) ^ (1 << bit)
}

/** Random bytes of a length, from the same seed as everything else. */
const noise = (length: number, pick: Pick): Buffer => Buffer.from(Array.from({ length }, () => pick(256)))

export const mutations: Record<string, Mutation> = {
  'one bit': (blob, _other, pick) => changed(blob, copy => flip(copy, pick(copy.length), pick(8))),
  'one bit of the header': (blob, _other, pick) => changed(blob, copy => flip(copy, pick(HEADER), pick(8))),
  'several bits': (blob, _other, pick) =>
    changed(blob, copy => {
      for (let i = 0; i <= pick(20); i++) flip(copy, pick(copy.length), pick(8))
    }),
  'a byte of another value': (blob, _other, pick) =>
    changed(blob, copy => copy.fill(pick(256), pick(copy.length)).length),
  'zeros in the middle': (blob, _other, pick) =>
    changed(blob, copy => {
      const at = pick(copy.length)
      copy.fill(0, at, Math.min(copy.length, at + 1 + pick(5000)))
    }),
  'cut anywhere': (blob, _other, pick) => blob.subarray(0, pick(blob.length)),
  'cut after a segment': (blob, _other, pick) => {
    const { segments } = partsOf(blob)
    return segments.length < 2 ? undefined : blob.subarray(0, HEADER + SEGMENT * (1 + pick(segments.length - 1)))
  },
  'nothing left': () => Buffer.alloc(0),
  extended: (blob, _other, pick) => Buffer.concat([blob, noise(1 + pick(300), pick)]),
  'extended by its own segment': (blob, _other, pick) => {
    const { segments } = partsOf(blob)
    return Buffer.concat([blob, segments[pick(segments.length)] ?? Buffer.alloc(0)])
  },
  'a piece taken out': (blob, _other, pick) => {
    const at = pick(blob.length)
    return Buffer.concat([blob.subarray(0, at), blob.subarray(at + 1 + pick(100))])
  },
  'a piece put in': (blob, _other, pick) => {
    const at = pick(blob.length)
    return Buffer.concat([blob.subarray(0, at), noise(1 + pick(100), pick), blob.subarray(at)])
  },
  'two segments exchanged': (blob, _other, pick) => {
    const { header, segments } = partsOf(blob)
    const [a, b] = [pick(segments.length), pick(segments.length)]
    const [one, two] = [segments[a], segments[b]]
    if (!one || !two) return undefined
    segments[a] = two
    segments[b] = one
    return Buffer.concat([header, ...segments])
  },
  'a segment twice': (blob, _other, pick) => {
    const { header, segments } = partsOf(blob)
    const [from, to] = [pick(segments.length), pick(segments.length)]
    segments[to] = segments[from] ?? Buffer.alloc(0)
    return Buffer.concat([header, ...segments])
  },
  'a segment of another file': (blob, other, pick) => {
    const { header, segments } = partsOf(blob)
    const at = pick(segments.length)
    segments[at] = partsOf(other).segments[at] ?? Buffer.alloc(0)
    return Buffer.concat([header, ...segments])
  },
  'the header of another file': (blob, other) => Buffer.concat([other.subarray(0, HEADER), blob.subarray(HEADER)]),
  'the header of another file, and its first segment': (blob, other) =>
    Buffer.concat([other.subarray(0, HEADER + SEGMENT), blob.subarray(HEADER + SEGMENT)]),
  'all of another file': (_blob, other) => other,
}

/** The same for the 65 bytes that hold the file's key. */
export const wrapMutations: Record<string, Mutation> = {
  'one bit': (wrap, _other, pick) => changed(wrap, copy => flip(copy, pick(copy.length), pick(8))),
  cut: (wrap, _other, pick) => wrap.subarray(0, pick(wrap.length)),
  extended: (wrap, _other, pick) => Buffer.concat([wrap, noise(1 + pick(9), pick)]),
  'a tag of fewer bytes': (wrap, _other, pick) => wrap.subarray(0, wrap.length - 1 - pick(12)),
  noise: (wrap, _other, pick) => Buffer.concat([wrap.subarray(0, 5), noise(wrap.length - 5, pick)]),
  'that of another file': (_wrap, other) => other,
  'the nonce of another file': (wrap, other) =>
    Buffer.concat([wrap.subarray(0, 5), other.subarray(5, 17), wrap.subarray(17)]),
  'the key of another file': (wrap, other) => Buffer.concat([wrap.subarray(0, 17), other.subarray(17)]),
}
