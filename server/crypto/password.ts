import { hash, parseOptions, verify } from '@node-rs/argon2'
import { createLanes } from './lanes.ts'
import type { RandomBytes } from './random.ts'
import { systemRandom } from './random.ts'
import { canonicalPassword, createWeakness } from './weakness.ts'

/** Argon2id (RFC 9106): memory in KiB, passes, lanes. */
export type PasswordParams = { memoryCost: number; timeCost: number; parallelism: number }

const DEFAULT_PARAMS: PasswordParams = { memoryCost: 65_536, timeCost: 3, parallelism: 1 }
/** OWASP's least; below it hashes are not worth having. */
const LEAST: PasswordParams = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export type Passwords = ReturnType<typeof createPasswords>

/**
 * Hashing and checking of passwords, at most max(1, `cores` - 1) at once: the work runs on the pool that file reads
 * share (facts.md, "Passwords"). Everything may reject with BusyError (`lanes.ts`) when `queue` calls wait.
 * @throws RangeError for parameters below OWASP's least.
 */
export function createPasswords(options: {
  cores: number
  params?: PasswordParams
  queue?: number
  random?: RandomBytes
}) {
  const { params = DEFAULT_PARAMS, queue = 64, random = systemRandom } = options
  if (
    !(params.memoryCost >= LEAST.memoryCost) ||
    !(params.timeCost >= LEAST.timeCost) ||
    !(params.parallelism >= LEAST.parallelism)
  ) {
    throw new RangeError('argon2id below 19456 KiB, 2 passes, 1 lane is too weak')
  }
  const lanes = createLanes({ slots: Math.max(1, options.cores - 1), queue })
  // Verifying against it costs what a real hash costs, and no password has this digest.
  const dummy = phc(params, random(16), random(32))

  return {
    /** A PHC string with a fresh salt. @throws RangeError for a password that `weakness` would call unusable. */
    async hash(password: string, { known }: { known: boolean } = { known: false }): Promise<string> {
      const canonical = canonicalPassword(password)
      if (canonical === undefined) throw new RangeError('not a usable password')
      return lanes.run(known ? 'known' : 'unknown', () => hash(canonical, { ...params, salt: random(16) }))
    },

    /**
     * Whether the password is the one hashed. No hash (unknown address), a malformed one and an unusable password all
     * cost the same as a check, in the same queue, and are no match. `known` is a device with a valid device cookie for
     * this account. `rehash` (only with `ok`): the hash was made with other parameters, so store a new one.
     */
    async verify(
      stored: string | undefined,
      password: string,
      { known }: { known: boolean },
    ): Promise<{ ok: boolean; rehash: boolean }> {
      const canonical = canonicalPassword(password)
      const made = stored === undefined ? undefined : paramsOf(stored)
      const possible = stored !== undefined && made !== undefined && canonical !== undefined
      const target = possible ? stored : dummy
      const matches = await lanes.run(known ? 'known' : 'unknown', () => verify(target, canonical ?? ''))
      const ok = possible && matches
      return { ok, rehash: ok && !sameParams(made, params) }
    },

    /** A sentence that says why a new password will not do, or undefined. `personal`: address and name. */
    weakness: createWeakness(),
  }
}

/** The parameters of an argon2id PHC string, or undefined for anything else. */
function paramsOf(stored: string): PasswordParams | undefined {
  if (!stored.startsWith('$argon2id$v=19$')) return undefined
  try {
    const { memoryCost, timeCost, parallelism } = parseOptions(stored)
    return { memoryCost, timeCost, parallelism }
  } catch {
    return undefined
  }
}

function sameParams(a: PasswordParams, b: PasswordParams): boolean {
  return a.memoryCost === b.memoryCost && a.timeCost === b.timeCost && a.parallelism === b.parallelism
}

function phc(params: PasswordParams, salt: Buffer, digest: Buffer): string {
  const unpadded = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')
  const { memoryCost, timeCost, parallelism } = params
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${unpadded(salt)}$${unpadded(digest)}`
}
