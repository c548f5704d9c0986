import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { type Mail, PermanentMailError, TransientMailError } from './deliver.ts'
import { createMailFolder } from './folder.ts'

const mail = (id: string, subject = 'Grüße'): Mail => ({
  id: id.repeat(22),
  to: 'someone@example.org',
  subject,
  text: 'Open this page:\nhttp://localhost:8080/verify#token\n',
  html: '<p>Open</p>',
})

describe('The mail folder', () => {
  let parent = ''
  let folder = ''
  let time = 0
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'valise-mail-'))
    folder = join(parent, 'mail')
    time = Date.UTC(2031, 0, 2, 3, 4, 5, 6)
  })
  afterEach(() => rm(parent, { recursive: true }))
  const open = () => createMailFolder({ folder, from: 'Valise <valise@localhost>', now: () => time })

  it('keeps each mail as a relay would have got it', async () => {
    await open().deliver(mail('A'))
    const name = '20310102T030405006Z-AAAAAAAAAAAAAAAAAAAAAA'
    assert.deepEqual((await readdir(folder)).sort(), [`${name}.eml`, `${name}.json`])
    const raw = await readFile(join(folder, `${name}.eml`), 'utf8')
    assert.match(raw, /^Message-ID: <A{22}@localhost>$/m)
    assert.match(raw, /^To: someone@example\.org$/m)
    assert.match(raw, /^Date: Thu, 02 Jan 2031 03:04:05 \+0000$/m)
    assert.match(raw, /^http:\/\/localhost:8080\/verify#token$/m)
  })

  it('lists and reads them, newest first', async () => {
    const mails = open()
    assert.deepEqual(await mails.listMails(), [])
    await mails.deliver(mail('A', 'one'))
    time += 1000
    await mails.deliver(mail('B', 'two'))
    const listed = await mails.listMails()
    assert.deepEqual(
      listed.map(({ subject }) => subject),
      ['two', 'one'],
    )
    assert.deepEqual(
      (await mails.listMails(1)).map(({ subject }) => subject),
      ['two'],
    )
    assert.deepEqual(await mails.readMail(listed[0]?.name ?? ''), {
      name: '20310102T030406006Z-BBBBBBBBBBBBBBBBBBBBBB',
      from: 'Valise <valise@localhost>',
      to: 'someone@example.org',
      subject: 'two',
      date: '2031-01-02T03:04:06.006Z',
      text: 'Open this page:\nhttp://localhost:8080/verify#token\n',
    })
  })

  for (const umask of [0, 0o777])
    it(`is for this user only under umask ${umask.toString(8)}`, async () => {
      const old = process.umask(umask)
      try {
        await open().deliver(mail('A'))
      } finally {
        process.umask(old)
      }
      assert.equal((await stat(folder)).mode & 0o7777, 0o700)
      for (const file of await readdir(folder)) assert.equal((await stat(join(folder, file))).mode & 0o7777, 0o600)
    })

  it('reads nothing but its own mails', async () => {
    const mails = open()
    await mails.deliver(mail('A'))
    const [name = ''] = (await mails.listMails()).map(stored => stored.name)
    await writeFile(join(parent, 'secret.json'), '{}')
    for (const bad of [
      '',
      '..',
      '../secret',
      `../mail/${name}`,
      `${name}/`,
      `${name}.json`,
      `${name}\0`,
      'x'.repeat(99),
    ])
      assert.equal(await mails.readMail(bad), undefined, bad)
    assert.equal(await mails.readMail(name.replaceAll('A', 'B')), undefined)
  })

  it('follows no links', async () => {
    const mails = open()
    await mails.deliver(mail('A'))
    const name = '20310102T030405006Z-CCCCCCCCCCCCCCCCCCCCCC'
    await writeFile(join(parent, 'secret'), '{}')
    await symlink(join(parent, 'secret'), join(folder, `${name}.json`))
    await assert.rejects(mails.readMail(name))
    await symlink(parent, join(parent, 'linked'))
    const linked = createMailFolder({ folder: join(parent, 'linked'), from: 'v@localhost', now: () => time })
    await assert.rejects(linked.deliver(mail('A')), TransientMailError)
  })

  it('refuses the same mails as a relay', async () => {
    const mails = open()
    await assert.rejects(mails.deliver({ ...mail('A'), to: 'a@example.org\r\nBcc: b@example.org' }), PermanentMailError)
    await assert.rejects(mails.deliver({ ...mail('A'), id: '../../x' }), PermanentMailError)
    assert.deepEqual(await mails.listMails(), [])
  })
})
