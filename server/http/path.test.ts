import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readable } from './path.ts'

test('what decodes stays as it came', () => {
  for (const url of ['/', '/a?x=%zz', '/api/v1/ops/files?q=%E2%82%AC', '/documents/%C3%A9', `/x/${'a'.repeat(512)}`])
    assert.equal(readable(url), url)
})

test('what does not decode, or is beyond any parameter, names nothing', () => {
  for (const url of ['/%', '/%zz', '/a/%ff?x=1', '/%C3%28', `/x/${'a'.repeat(513)}`, `/x/${'a'.repeat(513)}/y`])
    assert.equal(readable(url), '/-')
})

test('under /download every spelling of a percent sign is the same bad token', () => {
  for (const url of ['/download/%', '/download/a%2Fb', '/download/%zz?x']) assert.equal(readable(url), '/download/-')
  for (const url of ['/download/abc', `/download/${'a'.repeat(600)}`, '/download/a?x=%'])
    assert.equal(readable(url), url)
})
