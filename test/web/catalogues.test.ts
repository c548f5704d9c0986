import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorTable } from '../../contract/errors.ts'
import { options } from '../../server/config.ts'
import { forRecipient } from '../../server/inspect/recipient.ts'
import { policyTable } from '../../server/inspect/rows.ts'
import { de as deDoors } from '../../web/messages/de.ts'
import { desk as deDesk } from '../../web/messages/desk.de.ts'
import { desk as enDesk } from '../../web/messages/desk.en.ts'
import { details } from '../../web/messages/details.de.ts'
import { en as enDoors } from '../../web/messages/en.ts'
import { findings } from '../../web/messages/findings.de.ts'
import { createTranslation } from '../../web/messages/sentences.ts'
import { settingsHelp } from '../../web/messages/settings.de.ts'
import { isNode, type Node, sourcesBelow, textsOf } from './syntax.ts'

const de = { ...deDoors, ...deDesk }
const en = { ...enDoors, ...enDesk }

/** `a.b.c` → its value, for every leaf of a catalogue. */
const leavesOf = (value: unknown, path = ''): [string, unknown][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, one]) => leavesOf(one, path ? `${path}.${key}` : key))
    : [[path, value]]

const english = new Map(leavesOf(en))
const german = new Map(leavesOf(de))
/** English has the server's own titles where it has no row; German needs them all. */
const ofCodes = (path: string) => path.startsWith('problems.byCode.')

test('both catalogues say the same things', () => {
  const shapeOf = (leaves: Map<string, unknown>) =>
    [...leaves].filter(([path]) => !ofCodes(path)).map(([path, value]) => `${path}: ${typeof value}`)
  assert.deepEqual(shapeOf(german), shapeOf(english))
  assert.deepEqual(Object.keys(de.problems.byCode).sort(), Object.keys(errorTable).sort())
})

/** Words that are the same in both languages. */
const alike = [
  'audience.groupWithCount',
  'documents.history.bytes',
  'documents.notAvailable.available',
  'fileList.name',
  'files.facts.sha256',
  'files.where',
  'groups.name',
  'invitations.as',
  'invitations.into',
  'nav.links',
  'nav.team',
  'people.admin',
  'people.person',
  'product',
  'team.title',
]
/** Functions that pass on the server's sentences: tested by those below. */
const passing = ['problems.say', 'problems.field', 'problems.ofField', 'files.finding', 'settings.help']

/** What a text says with some arguments; functions are asked with figures and with words. */
const saidBy = (value: unknown): unknown[] => {
  if (typeof value !== 'function') return [value]
  const samples = [[['Ada', 'Bob']], [1, '3 MB'], [3, '3 MB'], ['Ada', 'Bob', 'Eve'], ['Ada', 4], ['ops']]
  return samples.flatMap(sample => {
    try {
      const said: unknown = Reflect.apply(value, undefined, sample)
      return typeof said === 'string' ? [said] : []
    } catch {
      return []
    }
  })
}

test('nothing is left in English in the German catalogue', () => {
  const same = [...german]
    .filter(([path]) => !passing.includes(path))
    .filter(([path, value]) => {
      const other = saidBy(english.get(path))
      return saidBy(value).some((said, index) => said === other[index])
    })
  assert.deepEqual(same.map(([path]) => path).sort(), alike.toSorted())
})

test('German quotation marks, and nobody is called „du“', () => {
  const said = [...german].flatMap(([path, value]) => (passing.includes(path) ? [] : saidBy(value)))
  const all = [...said, ...Object.values(details), ...Object.values(findings), ...Object.values(settingsHelp)].map(
    String,
  )
  assert.ok(all.length > 300)
  assert.deepEqual(
    all.filter(text => /[“”](?=\p{L})|"\p{L}+ |\b(du|dein\w*|dir|dich)\b/u.test(text.replaceAll(/„[^“]*“/g, ''))),
    [],
  )
})

test('every finding of the inspection is told in German, and no other', () => {
  const recipient = Object.keys(policyTable).flatMap(name => {
    const [code = ''] = name.split('/')
    return forRecipient([{ code, severity: 'warn', where: '', message: '' }]).map(({ message }) => message)
  })
  const told = [...Object.values(policyTable).map(({ message }) => message), ...recipient]
  assert.deepEqual([...new Set(told)].sort(), Object.keys(findings).sort())
  assert.equal(
    de.files.finding({
      code: 'leak_comments',
      severity: 'warn',
      where: '',
      message: policyTable.leak_comments.message.replace('{count}', '12'),
    }),
    'Kommentare, die der Empfänger lesen kann: 12. Sind sie nicht für ihn bestimmt, löschen Sie sie (Überprüfen) und speichern Sie das Dokument.',
  )
  const unknown = { code: 'macros', severity: 'block', where: '', message: 'Words of another release.' } as const
  assert.match(de.files.finding(unknown), /^Das Dokument enthält etwas, das nicht übergeben werden kann \(macros\)\.$/)
  assert.equal(en.files.finding(unknown), 'Words of another release.')
})

test('every setting is explained in German, and no other', () => {
  assert.deepEqual(
    Object.keys(settingsHelp).sort(),
    Object.values(options)
      .map(({ name }) => name)
      .sort(),
  )
})

/** Sentences that only the command line and writers of programs meet. */
const notForPages = [
  'server/accounts/command-line.ts',
  'server/files/uploads/protocol.ts',
  'server/files/uploads/routes.ts',
]
/** Where a sentence comes from elsewhere, and where that is read below. */
const handedOn = ['address.reason', 'reason', 'message', 'detail']

/** Every sentence the server puts into a refusal, `{}` standing for what it fills in. */
const serverSentences = (): { file: string; text: string }[] =>
  sourcesBelow('server', /\.ts$/)
    .filter(({ file }) => !notForPages.includes(file))
    .flatMap(({ file, nodes }) => {
      const resolve = (name: string) => bodyOf(nodes, name)
      return nodes
        .flatMap(node => sentencesOf(file, node))
        .flatMap(expression => {
          const texts = textsOf(expression, resolve)
          const source = nameOf(expression)
          assert.ok(texts.length > 0 || handedOn.includes(source), `${file}: a sentence that this test cannot read`)
          return texts.map(text => ({ file, text }))
        })
    })
    .filter(({ text }) => text !== '{}: {}')

/** The expressions of sentences in a node: `detail` and `message` of a refusal, `invalid(where, …)`, the reasons of the two parsers. */
const sentencesOf = (file: string, node: Node): unknown[] => {
  if (node.type === 'CallExpression' && isNode(node.callee) && node.callee.name === 'invalid')
    return Array.isArray(node.arguments) ? node.arguments.slice(1) : []
  if (file === 'server/crypto/weakness.ts' && node.type === 'ReturnStatement')
    return textsOf(node.argument).length > 0 ? [node.argument] : []
  if (file === 'server/accounts/address.ts' && isProperty(node, 'reason')) return [node.value]
  if (node.type !== 'NewExpression' || !isNode(node.callee) || node.callee.name !== 'AppError') return []
  const [, extra] = Array.isArray(node.arguments) ? node.arguments : []
  const properties = isNode(extra) && Array.isArray(extra.properties) ? extra.properties : []
  return properties.filter(one => isNode(one) && isProperty(one, 'detail')).map(one => one.value)
}

const isProperty = (node: Node, name: string): boolean =>
  node.type === 'Property' && isNode(node.key) && node.key.name === name

const bodyOf = (nodes: Node[], name: string): unknown => {
  const found = nodes.find(node => node.type === 'VariableDeclarator' && isNode(node.id) && node.id.name === name)
  return found && isNode(found.init) ? found.init.body : undefined
}

const nameOf = (node: unknown): string => {
  if (!isNode(node)) return ''
  if (node.type === 'MemberExpression') return `${nameOf(node.object)}.${nameOf(node.property)}`
  return typeof node.name === 'string' ? node.name : ''
}

test('every sentence of a refusal is told in German, and the table has no other', () => {
  const sentences = serverSentences()
  assert.ok(sentences.length > 60, `${sentences.length} sentences were found`)
  const translate = createTranslation(details)
  assert.deepEqual(
    sentences.filter(({ text }) => translate(text.replaceAll('{}', 'X')) === undefined),
    [],
    'give these a row in web/messages/details.de.ts',
  )
  // What is filled in may be part of a row's own words.
  const exactly = createTranslation(Object.fromEntries(sentences.map(({ text }) => [numbered(text), 'known'])))
  const ownFields = ['is not a field here', 'is not valid']
  assert.deepEqual(
    Object.keys(details).filter(key => !ownFields.includes(key) && !exactly(key.replaceAll(/\{\w+\}/g, 'X'))),
    [],
  )
})

const numbered = (text: string): string => {
  let count = 0
  return text.replaceAll('{}', () => `{p${count++}}`)
}

test('a sentence is filled in, and an unknown one is never told in English', () => {
  const { say, ofField, field } = de.problems
  assert.equal(
    say('There is no account for a@b.example, c@d.example and others. Invite them first, or correct the spelling.'),
    'Zu a@b.example, c@d.example und weiteren gibt es kein Konto. Sprechen Sie zuerst Einladungen aus oder berichtigen Sie die Schreibweise.',
  )
  assert.equal(say('Something new.'), undefined)
  assert.equal(field('something new'), 'Das ist so nicht gültig.')
  assert.equal(ofField('name', 'is empty'), 'Name: Hier fehlt etwas.')
})

/** Attributes that are read by people. */
const spoken =
  /^(aria-(label|description|roledescription|valuetext)|title|placeholder|label|description|alt|lead|action)$/

test('no page has words outside of the catalogues', () => {
  const found = sourcesBelow('web', /\.tsx$/).flatMap(({ file, nodes }) =>
    nodes.flatMap(node => wordsOf(node).map(words => `${file}: ${words.trim()}`)),
  )
  assert.deepEqual(found, [])
})

const wordsOf = (node: Node): string[] => {
  if (node.type === 'JSXAttribute' && isNode(node.name) && spoken.test(String(node.name.name)))
    return textsOf(node.value).filter(hasWords)
  const children = node.type === 'JSXElement' || node.type === 'JSXFragment' ? node.children : []
  return (Array.isArray(children) ? children : []).flatMap(child =>
    isNode(child) && child.type === 'JSXText'
      ? [String(child.value)].filter(hasWords)
      : textsOf(child).filter(hasWords),
  )
}

const hasWords = (text: string): boolean => /\p{L}/u.test(text)

test('what the server says reaches a page through the catalogue only', () => {
  const direct = sourcesBelow('web', /\.tsx?$/)
    .filter(({ file }) => !/^web\/(messages\/|api\.ts|ui\/problem\.tsx)/.test(file))
    .flatMap(({ file, nodes }) =>
      nodes
        .filter(node => node.type === 'MemberExpression' && /problem\.(detail|title)$/.test(nameOf(node)))
        .map(node => `${file}: ${nameOf(node)}`),
    )
  assert.deepEqual(direct, [], 'take explain(error) of web/ui/problem.tsx')
})
