import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import type { Audience, InspectReport } from '../../contract/files.ts'
import type { Static } from '../../contract/wire.ts'
import { newId, type RandomBytes } from '../crypto/random.ts'
import { findingOf } from '../inspect/finding.ts'
import { documentTypeOf } from '../inspect/name.ts'
import type { BlobStore } from '../storage/store.ts'
import type { Accept, By } from './accept.ts'
import { checkName, parseAudience } from './arrival.ts'
import { receiveForm, tooLarge } from './multipart.ts'
import type { Removals } from './removals.ts'
import { type SealedUpload, sealStream } from './seal.ts'

export type UploadNeeds = {
  store: BlobStore
  accept: Accept
  removals: Removals
  random: RandomBytes
  config: { maxUpload: number; defaultAudience: 'nobody' | 'everyone' }
}

type Received = { arrived: SealedUpload & { id: string; name: string }; audience: Audience }

/**
 * One upload from socket to row: name, sealed bytes, durable blob, verdict, and only then a file anybody can see. Whatever
 * fails on the way leaves no row and no blob; a process that dies leaves a row in `blob_removals` for the sweep.
 */
export const createUpload = ({ store, accept, removals, random, config }: UploadNeeds) => {
  const seal = async (name: string, stream: Readable): Promise<Received['arrived']> => {
    const id = newId(random)
    const blob = newId(random)
    await removals.expect(blob)
    const sealed = await sealStream(stream, {
      store,
      random,
      fileId: id,
      blob,
      onProgress: () => removals.extend(blob),
    }).catch(async error => {
      await removals.abandon(blob)
      throw error
    })
    return { ...sealed, id, name }
  }

  const discard = async ({ writer, blob }: Received['arrived']): Promise<void> => {
    await writer.abort()
    await removals.abandon(blob)
  }

  /** Runs `use` on what has arrived, sealed and durable; afterwards nothing is left of it unless `use` kept it. */
  const receive = async <T>(
    request: IncomingMessage,
    onName: (name: string) => Promise<void>,
    use: (received: Received) => Promise<T>,
  ): Promise<T> => {
    const maxForm = config.maxUpload + FORM_OVERHEAD
    if (Number(request.headers['content-length'] ?? 0) > maxForm) throw tooLarge(config.maxUpload)
    const form = await receiveForm(request, {
      maxFile: config.maxUpload,
      maxForm,
      onDiscard: discard,
      onFile: async (raw, stream) => {
        const name = checkName(raw)
        await onName(name)
        return seal(name, stream)
      },
    })
    const arrived = form.file
    try {
      const audience = parseAudience(form.audience, config.defaultAudience)
      await arrived.writer.commit()
      return await use({ arrived, audience })
    } catch (error) {
      await discard(arrived)
      throw error
    }
  }

  return {
    /** Resolves with the id of the new file. Throws AppError 400, 413, 422, 507 and what storage and database throw. */
    upload: (request: IncomingMessage, by: By): Promise<string> =>
      receive(
        request,
        async name => {
          // The name alone can refuse; then not a byte is kept.
          if (documentTypeOf(name) === null)
            throw await accept.refuse({ id: newId(random), name }, [findingOf('type_not_allowed')], by)
        },
        async ({ arrived, audience }) => {
          await accept.accept(arrived, { ...by, audience })
          return arrived.id
        },
      ),

    /** What an upload would find; nothing is stored or recorded. Throws as `upload` does, but never for what was found. */
    inspect: (request: IncomingMessage, by: By): Promise<Static<typeof InspectReport>> =>
      receive(
        request,
        async () => {},
        async ({ arrived }) => {
          const { verdict, type, findings, scan } = await accept.judge(arrived, by.actor.id)
          await discard(arrived)
          const { name, size } = arrived
          return { name, verdict, type, size, sha256: arrived.sha256.toString('hex'), scan: scan.state, findings }
        },
      ),
  }
}

/** Boundaries, part headers and the audience part, generously. */
const FORM_OVERHEAD = 1024 * 1024
