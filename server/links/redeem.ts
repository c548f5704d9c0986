import type { OutgoingHttpHeaders } from 'node:http'
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '../accounts/policy.ts'
import type { Audit } from '../audit/append.ts'
import type { Actor as Who } from '../audit/event.ts'
import { sha256 } from '../crypto/hash.ts'
import type { Keyring } from '../crypto/keyring.ts'
import { segmentsCovering } from '../crypto/segments.ts'
import type { Db } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { Content, OpenContent } from '../files/content.ts'
import { createMeter, type Meter, slice } from './allowance.ts'
import type { Claim } from './claim.ts'
import { type Damage, damageOf } from './damage.ts'
import type { Reads } from './reads.ts'
import { type Part, type Reason, type Recording, recordEnd } from './record.ts'
import type { Refusals } from './refuse.ts'
import type { Running } from './running.ts'
import { fileRef, findOffer, isFragmented, type Offer } from './sql.ts'
import { firstCount, type Sending, send } from './stream.ts'
import { openLink } from './token.ts'

type Needs = {
  db: Db
  content: OpenContent
  keyring: Keyring
  audit: Audit
  delivered: Recording['delivered']
  log: FastifyBaseLogger
  reads: Reads
  running: Running
  claim: (asking: { offer: Offer; clientId: string; sessionId: string; who: Who }, first: number) => Promise<Claim>
  damage: Damage
  refusals: Refusals
}

/** Everything about one response that is going to carry bytes of a file. */
type Delivery = {
  offer: Offer
  actor: Actor
  who: Who
  /** Bytes of the file, both inclusive. */
  first: number
  last: number
  status: 200 | 206
  headers: OutgoingHttpHeaders
  request: FastifyRequest
  reply: FastifyReply
}

type Opened = { content: Content; pieces: Buffer[] }

/** How long the record of a download's end may wait for others. */
const END_WITHIN_MS = 20

/** Redeeming a link, in two steps: what it offers (no trace, no cost), then sending it. */
export const createRedeem = (needs: Needs) => {
  const { db, keyring, audit, log, reads, running, claim, damage, refusals } = needs

  /** The file behind a token, for this session and now. Throws the one 404 for every other token and session. */
  const find = async (token: string, actor: Actor, who: Who): Promise<Offer> => {
    const claims = openLink(keyring, token)
    if (!claims) throw notFound(token, 'unknown')
    const at = await db.now()
    if (claims.clientId === actor.id && actor.role === 'client' && claims.exp * 1000 > at) {
      const { linkId, clientId } = claims
      const [offer] = await findOffer(db.read, { linkId, clientId, sessionId: actor.session.id, at })
      if (offer) {
        log.info({ token_digest: digestOf(token), link: offer.link_id }, 'link opened')
        return offer
      }
    }
    refusals.refuse(actor, who, claims)
    throw notFound(token, 'refused')
  }

  /** The log tells them apart, by a digest that opens nothing. */
  const notFound = (token: string, why: 'unknown' | 'refused'): AppError => {
    log.info({ token_digest: digestOf(token), why }, 'link not redeemed')
    return new AppError('not_found')
  }

  /** Resolves for all who wait at the same moment, so that the ends of many downloads share one fsync. */
  let moment: Promise<void> | undefined
  const together = (): Promise<void> => {
    moment ??= new Promise(resolve => {
      setTimeout(() => {
        moment = undefined
        resolve()
      }, END_WITHIN_MS)
    })
    return moment
  }

  /** Opens the blob and its first segments before anything is claimed, so that what cannot be sent costs nothing. */
  const open = async (offer: Offer, first: number, last: number): Promise<Opened | undefined> => {
    let content: Content | undefined
    try {
      content = await needs.content(offer)
      const pieces = await reads.read(content, segmentsCovering(first, last).first, firstCount(first, last))
      return { content, pieces }
    } catch (error) {
      await content?.close()
      const what = damageOf(error)
      if (!what) throw error
      if (!(await damage(fileRef(offer), what))) throw new AppError('not_found')
      return undefined
    }
  }

  const settle = async (
    part: Part,
    { content, sending, meter, release }: { content: Content; sending: Sending; meter: Meter; release: () => void },
  ): Promise<void> => {
    const { reason: ended, error } = await sending.done
    release()
    const closed = content.close().catch(failed('a blob was not closed'))
    let reason: Reason = ended
    if (error !== undefined) {
      const what = damageOf(error)
      if (what) {
        reason = 'damaged'
        await damage(part.file, what).catch(failed('damage was not recorded'))
      } else log.error({ err: error, download: part.download }, 'a download failed')
    }
    // The next request on a single-use link waits for this account; everybody else's may share a commit.
    if (!part.single) await together()
    const end = { span: sending.sent(), reason, unsent: meter.unsent(sending.handed()) }
    await db
      .write(async tx => recordEnd(tx, { audit, delivered: needs.delivered }, part, { ...end, at: await db.now() }))
      .catch(failed('the end of a download was not recorded'))
    await closed
  }
  const failed = (message: string) => (error: unknown) => log.error({ err: error }, message)

  /** Claims and begins to send. Throws AppErrors before the first byte; afterwards the connection tells. */
  const deliver = async (delivery: Delivery): Promise<void> => {
    const { offer, actor, who, first, last, request, reply } = delivery
    const release = running.admit(actor.id)
    let opened: Opened | undefined
    try {
      opened = await open(offer, first, last)
    } catch (error) {
      release()
      throw error
    }
    if (!opened) {
      release()
      reply.hijack()
      request.raw.destroy()
      return
    }
    const { content, pieces } = opened
    const start = async (): Promise<void> => {
      const asking = { offer, clientId: actor.id, sessionId: actor.session.id, who }
      const claimed = await claim(asking, slice(last - first + 1))
      const part: Part = {
        download: claimed.download,
        link: offer.link_id,
        single: offer.single_use === 1,
        client: actor.id,
        who,
        file: fileRef(offer),
        size: offer.size,
      }
      const meter = createMeter(db, { linkId: part.link, single: part.single, allowed: claimed.allowed })
      reply.hijack()
      const response = reply.raw
      response.writeHead(delivery.status, withOurs(reply, delivery.headers))
      const sending = send({
        response,
        socket: request.raw.socket,
        content,
        reads,
        meter,
        first,
        last,
        opened: pieces,
        streams: running.count,
      })
      const settled = settle(part, { content, sending, meter, release })
      running.add({ part, number: claimed.stream, sending, settled })
    }
    try {
      await (offer.single_use ? running.inTurn(offer.link_id, start) : start())
    } catch (error) {
      release()
      await content.close()
      throw error
    }
  }

  return {
    find,
    deliver,
    isFragmented: (offer: Offer, actor: Actor) => isFragmented(db.read, offer, actor.session.id),
  }
}

/** What a token is called in logs: the first 8 hex digits of its SHA-256 (formats.md). */
const digestOf = (token: string): string => sha256(token).subarray(0, 4).toString('hex')

/** Hijacking a reply leaves behind the security headers that hooks have set on it: take them along. */
const withOurs = (reply: FastifyReply, headers: OutgoingHttpHeaders): OutgoingHttpHeaders => {
  const all: OutgoingHttpHeaders = {}
  for (const [name, value] of Object.entries(reply.getHeaders())) all[name] = value
  return Object.assign(all, headers)
}
