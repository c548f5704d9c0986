import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonical, type Json, parseCanonical } from './json.ts'

test('RFC 8785 section 3.2.2, its numbers left out: strings and literals', () => {
  const parsed: Json = JSON.parse(
    String.raw`{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
  )
  assert.equal(canonical(parsed), String.raw`{"literals":[null,true,false],"string":"€$\u000f\nA'B\"\\\\\"/"}`)
})

test('RFC 8785 section 3.2.4: the UTF-8 of that string', () => {
  assert.equal(
    Buffer.from(canonical({ string: '€$\u000f\nA\'B"\\\\"/' })).toString('hex'),
    '7b22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d',
  )
})

test('RFC 8785 section 3.2.3: names are sorted by UTF-16 code units', () => {
  const parsed: Json = JSON.parse(String.raw`{
    "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
    "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
  }`)
  assert.equal(
    canonical(parsed),
    '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign",' +
      '"😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
  )
})

test('sorting reaches into arrays and keeps their order', () => {
  assert.equal(canonical([56, { d: true, '10': null, '1': [] }]), '[56,{"1":[],"10":null,"d":true}]')
})

test('RFC 8785 section 3.2.2: its five numbers are no integers below 2^53, so all are refused', () => {
  const numbers: number[] = JSON.parse('[333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001]')
  for (const number of numbers) assert.throws(() => canonical([number]), TypeError)
})

test('integers go up to 2^53 - 1; zero has one spelling', () => {
  assert.equal(canonical([0, -0, 2 ** 53 - 1, 1 - 2 ** 53]), '[0,0,9007199254740991,-9007199254740991]')
  for (const number of [2 ** 53, -(2 ** 53), Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => canonical(number), TypeError)
})

test('lone surrogates are refused in values and names', () => {
  assert.throws(() => canonical('\ud800'), TypeError)
  assert.throws(() => canonical({ '\udead': 1 }), TypeError)
})

test('what is no JSON is refused, not skipped', () => {
  const cycle: Record<string, unknown> = {}
  cycle.self = cycle
  for (const value of [
    { a: undefined },
    [undefined],
    new Array(1),
    new Date(0),
    new Map(),
    { f: () => 1 },
    1n,
    { [Symbol('s')]: 1 },
    cycle,
  ]) {
    // Past the types: the point is what happens where they did not help.
    assert.throws(() => Reflect.apply(canonical, undefined, [value]), TypeError)
  }
})

test('a member called __proto__ is a member', () => {
  const parsed: Json = JSON.parse('{"__proto__":{"admin":true},"a":1}')
  assert.equal(canonical(parsed), '{"__proto__":{"admin":true},"a":1}')
})

test('reading refuses everything that canonical would not have written', () => {
  assert.deepEqual(parseCanonical('{"a":[1,"é"]}'), { a: [1, 'é'] })
  for (const other of [
    '{"a":1,"a":1}',
    '{"a":1,"a":2}',
    '{"b":1,"a":2}',
    '{"a": 1}',
    '{"a":1}\n',
    '[1.0]',
    '[1e2]',
    '[-0]',
    '[9007199254740993]',
    '"\\u00e9"',
    '"\\/"',
    '"\\ud800"',
    '\ufeff{}',
    '',
    '{',
  ])
    assert.throws(() => parseCanonical(other), TypeError, other)
})

test('any value survives, whatever order its names were given in', () => {
  const json = fc.letrec<{ value: Json }>(tie => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constant(null),
      fc.boolean(),
      fc.maxSafeInteger().map(number => number + 0),
      fc.string({ unit: 'binary' }),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  })).value
  fc.assert(
    fc.property(json, value => {
      const text = canonical(value)
      assert.equal(canonical(parseCanonical(text)), text)
      assert.deepEqual(JSON.parse(text), value)
    }),
  )
})
