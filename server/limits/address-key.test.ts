import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { addressKey } from './address-key.ts'

const cases = [
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::ffff:c000:201', '192.0.2.1'],
  ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
  ['', 'unknown'],
  ['192.0.2.1.', 'unknown'],
  ['not an address', 'unknown'],
] as const

for (const [ip, key] of cases) it(`counts ${ip || 'nothing'} as ${key}`, () => assert.equal(addressKey(ip), key))

it('counts all of a /64 as one and two of them apart', () => {
  const group = fc.integer({ min: 0, max: 0xffff })
  fc.assert(
    fc.property(fc.tuple(group, group, group), fc.tuple(group, group, group, group), (net, host) => {
      const at = (first: number) => [first, ...net, ...host].map(part => part.toString(16)).join(':')
      assert.equal(
        addressKey(at(0x2001)),
        addressKey([0x2001, ...net, 0, 0, 0, 1].map(part => part.toString(16)).join(':')),
      )
      assert.notEqual(addressKey(at(0x2001)), addressKey(at(0x2002)))
    }),
  )
})
