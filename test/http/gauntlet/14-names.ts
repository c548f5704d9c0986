import { seeded } from './cast.ts'

/** What people have really tried: up and out, by other spellings, into what systems treat specially. */
const targets = [
  'canary.txt',
  'keyring.json',
  'valise.sqlite',
  'package.json',
  'client.html',
  'etc/passwd',
  'proc/self/environ',
  'windows/win.ini',
  '.env',
  '.git/config',
]
const ups = [
  '..',
  '.',
  '...',
  '. .',
  '..;',
  '..\u0000',
  '.%2e',
  '%2e%2e',
  '%252e%252e',
  '%c0%ae%c0%ae',
  '\u2025',
  '\uff0e\uff0e',
].concat([
  '%u002e%u002e',
  '..%00',
  '....',
  '%2e%2e%2f..',
  '\u202e..',
  '.\u200b.',
  '..\u0301',
  '~',
  '~root',
  '$HOME',
  '%HOME%',
])
const separators = [
  '/',
  '\\',
  '//',
  '\\\\',
  '%2f',
  '%5c',
  '%252f',
  '%255c',
  '%c0%af',
  '%c1%9c',
  '\u2215',
  '\u2044',
  '\uff0f',
].concat(['\uff3c', '/./', '\\.\\', '%2f%2f', '..//', ';/', '%00/', '%0a/', '\u0000/'])
const roots = [
  '',
  '/',
  'C:\\',
  'C:',
  '\\\\host\\share\\',
  '\\\\?\\C:\\',
  '\\\\.\\',
  'file:///',
  'file://localhost/',
  '//host/',
]
const devices = ['CON', 'PRN', 'AUX', 'NUL', 'COM1', 'LPT1', 'CONIN$', 'CLOCK$', 'COM\u00b9'].flatMap(name => [
  name,
  name.toLowerCase(),
  `${name}.docx`,
  `${name} .docx`,
  `${name}:stream`,
  `\\\\.\\${name}`,
])
const odd = [
  '',
  ' ',
  '.',
  '..',
  '...',
  '/',
  '\\',
  '.docx',
  'a.docx.',
  'a.docx ',
  'a.docx::$DATA',
  'a.docx:Zone.Identifier',
  'a.docx\u0000.sh',
  'a\u202excod.exe',
  '\u2066a\u2069.docx',
  '-rf',
  '--version',
  '*',
  '?',
  '[a-z]',
  '{a,b}',
  '`id`',
  '$(id)',
  ';id',
  '|id',
  '&id',
  '%',
  '%0',
  '%zz',
  '%00',
  '%ff',
  '%25',
  '__proto__',
  'constructor',
  'toString',
  'caf\u00e9.docx',
  'cafe\u0301.docx',
  '\ufb01le.docx',
  '\u212b.docx',
  '\u0130.docx',
  '\ufeff.docx',
  `${'a'.repeat(300)}.docx`,
  `${'../'.repeat(200)}etc/passwd`,
  '\u00e4'.repeat(255),
  '\u{1f4a9}'.repeat(100),
  '%2e%2e%2f'.repeat(60),
]

/** `count` hostile names, the same every time: the corpus, then paths put together at random from its parts. */
export const hostileNames = (count: number): string[] => {
  const random = seeded(14)
  const one = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? ''
  const names = new Set([...odd, ...devices])
  for (const target of targets) {
    for (let depth = 1; depth <= 8; depth++) names.add('../'.repeat(depth) + target)
    for (const root of roots) names.add(root + target)
  }
  while (names.size < count) {
    const up = one(ups)
    const parts = Array.from({ length: 1 + Math.floor(random() * 7) }, () => up + one(separators))
    // Half of them in one spelling all through, as a filter that decodes once or twice would meet them.
    const path = random() < 0.5 ? parts.join('') : (parts[0] ?? '').repeat(parts.length)
    const whole = one(roots) + path + one(targets)
    const way = random()
    if (way < 0.15) names.add(encodeURIComponent(whole.toWellFormed()))
    else if (way < 0.25) names.add(`documents/${whole}`)
    else if (way < 0.35)
      names.add(whole + one(['\u0000.docx', '%00.docx', '?.docx', '#.docx', '/.', '.docx', ' ', ';.docx']))
    else names.add(whole)
  }
  return [...names].slice(0, count)
}
