import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { everyAnswer, openWorld, type Seen } from './answers.ts'

let world: Awaited<ReturnType<typeof openWorld>>
let seen: Seen[]
before(async () => {
  world = await openWorld()
  seen = await everyAnswer(world)
})
after(() => world?.server.stop())

test('many answers of all kinds were looked at', () => {
  const statuses = [...new Set(seen.map(({ answer }) => answer.status))].sort()
  for (const status of [200, 201, 202, 204, 206, 303, 304, 400, 401, 403, 404, 405, 413, 415, 416, 421, 422])
    assert.ok(statuses.includes(status), `no ${status} among ${statuses}`)
})

test('no answer may be framed by anybody', () => {
  for (const { what, answer } of seen) {
    const policy = answer.headers.get('content-security-policy') ?? ''
    assert.match(policy, /(^|;)\s*frame-ancestors 'none'\s*(;|$)/, `${what}: ${answer.status} ${policy}`)
    // One policy: a second header or a second directive would be another to think about.
    assert.equal(policy.match(/frame-ancestors/g)?.length, 1, what)
    assert.doesNotMatch(policy, /,/, `${what} has one policy`)
    assert.equal(answer.headers.get('x-frame-options'), 'DENY', what)
  }
})

test('no answer runs a script that is not ours, and none is guessed to be of another type', () => {
  for (const { what, answer } of seen) {
    const policy = answer.headers.get('content-security-policy') ?? ''
    assert.match(policy, /^default-src 'none'/, what)
    assert.doesNotMatch(policy, /unsafe-(inline|eval)|\*|https?:/, what)
    assert.match(policy, /base-uri 'none'/, what)
    assert.match(policy, /form-action 'none'/, what)
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff', what)
    assert.equal(answer.headers.get('referrer-policy'), 'no-referrer', what)
    assert.equal(answer.headers.get('cross-origin-opener-policy'), 'same-origin', what)
    assert.equal(answer.headers.get('cross-origin-resource-policy'), 'same-origin', what)
    assert.equal(answer.headers.get('access-control-allow-origin'), null, what)
  }
})
