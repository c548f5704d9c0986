import assert from 'node:assert/strict'
import type { Answer } from '../client.ts'

/** The answer is a problem document (RFC 9457) with this status and code, and nothing of the server shows in it. */
export const refused = (answer: Answer, status: number, code: string): void => {
  assert.equal(answer.status, status, answer.text)
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/)
  assert.equal(answer.body.code, code, answer.text)
  assert.equal(answer.body.status, status)
  assert.doesNotMatch(answer.text, /node_modules|\.ts:|SQLITE|argon2/)
}
