import assert from 'node:assert/strict'
import { test } from 'node:test'
import { targetOf } from './target.ts'

const cases: Record<string, string[]> = {
  web: [
    'http://example.org',
    'HTTPS://example.org/a',
    'http:\\\\example.org',
    ' https://x',
    'ht\ttps://x',
    '%68ttp://x',
  ],
  mail: ['mailto:a@example.org'],
  unc: [
    '\\\\host\\share',
    '//host/share',
    'file://host/share',
    'file:////host/share',
    'file:\\\\host\\share',
    'file:///\\\\host\\share',
    'file://///host/share',
    '%5c%5chost%5cshare',
    '%255c%255chost',
    '&#92;&#x5c;host',
    '&bsol;&bsol;host',
    '\\\\?\\UNC\\host\\share',
    '\\\\host@SSL\\DavWWWRoot',
    '\\/host/share',
    '///host/share',
    '\\\\127.0.0.1\\c$',
    'fi\nle://host/x',
    '\\\\h%ZZ%5cx',
  ],
  local: [
    'C:\\a.docx',
    'c:/a',
    'file:///C:/a',
    'file:///C:\\a',
    'file://localhost/a',
    'file://LOCALHOST/C:/a',
    'file:/a',
    'file:C:\\a',
    'file:///Users/a',
    '/C:/a',
    'file:////C:/a',
  ],
  relative: ['a.docx', '../a b.docx', '#Sheet2!A1', 'media/image1.png', '', '?x', '//localhost/a', 'Ordner/größe.docx'],
  scheme: [
    'javascript:alert(1)',
    'JaVaScRiPt:x',
    'java\nscript:x',
    'ms-msdt:/id',
    'ftp://host/a',
    'mhtml:http://x',
    'x-y+z.1:a',
    `%20${'a'.repeat(9000)}`,
  ],
}

for (const [leads, targets] of Object.entries(cases))
  test(`leads to ${leads}`, () => {
    for (const target of targets) assert.equal(targetOf(target).leads, leads, JSON.stringify(target))
  })

test('names the scheme in lower case, decoded', () => {
  assert.deepEqual(targetOf(' VB%53cript:x'), { leads: 'scheme', scheme: 'vbscript' })
})
