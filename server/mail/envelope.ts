import type { Message } from './deliver.ts'

/** What the outbox seals: the whole mail. `to: null` is written for nobody, so that an unknown address costs the same work. */
export type Envelope = Message & { to: string | null }

export const encodeEnvelope = ({ to, subject, text, html }: Envelope): Uint8Array =>
  Buffer.from(JSON.stringify({ v: 1, to, subject, text, html }))

/** Throws on anything that `encodeEnvelope` of this version did not write. */
export const decodeEnvelope = (bytes: Uint8Array): Envelope => {
  const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  if (!isEnvelope(value)) throw new TypeError('Not a sealed mail of this version')
  const { to, subject, text, html } = value
  return { to, subject, text, html }
}

const isEnvelope = (value: unknown): value is Envelope & { v: 1 } =>
  typeof value === 'object' &&
  value !== null &&
  'v' in value &&
  value.v === 1 &&
  'to' in value &&
  (value.to === null || typeof value.to === 'string') &&
  'subject' in value &&
  typeof value.subject === 'string' &&
  'text' in value &&
  typeof value.text === 'string' &&
  'html' in value &&
  typeof value.html === 'string'
