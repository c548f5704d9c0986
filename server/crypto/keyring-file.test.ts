import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { formatKeyring, generateKeyring } from './keyring-data.ts'
import { KeyringError } from './keyring-error.ts'
import { createKeyringFile, readKeyringFile, rewriteKeyringFile } from './keyring-file.ts'
import { systemRandom } from './random.ts'

const data = generateKeyring(0, systemRandom)
const other = generateKeyring(0, systemRandom)
const modes = process.platform === 'win32' && 'Windows has no permission bits'
let folder = ''
let path = ''

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'keyring-'))
  path = join(folder, 'keyring.json')
})
afterEach(() => fs.rmSync(folder, { recursive: true }))

function refused(reason: KeyringError['reason'], says: RegExp): void {
  assert.throws(
    () => readKeyringFile(path),
    error => error instanceof KeyringError && error.reason === reason && says.test(error.message),
  )
}

describe('the keyring file', () => {
  it('is created, read and rewritten, and nothing else is left in the folder', () => {
    createKeyringFile(path, data, systemRandom)
    assert.deepEqual(readKeyringFile(path), data)
    rewriteKeyringFile(path, other, systemRandom)
    assert.deepEqual(readKeyringFile(path), other)
    assert.deepEqual(fs.readdirSync(folder), ['keyring.json'])
  })

  it('has mode 0600 under any umask', { skip: modes }, () => {
    for (const umask of [0, 0o022, 0o277]) {
      const before = process.umask(umask)
      try {
        createKeyringFile(path, data, systemRandom)
        assert.equal(fs.statSync(path).mode & 0o777, 0o600)
        rewriteKeyringFile(path, other, systemRandom)
        assert.equal(fs.statSync(path).mode & 0o777, 0o600)
      } finally {
        process.umask(before)
        fs.rmSync(path)
      }
    }
  })

  it('is never replaced by a new one', () => {
    createKeyringFile(path, data, systemRandom)
    assert.throws(() => createKeyringFile(path, other, systemRandom), { code: 'EEXIST' })
    assert.deepEqual(readKeyringFile(path), data)
    assert.deepEqual(fs.readdirSync(folder), ['keyring.json'])
  })

  it('is not written unless it can be read again', () => {
    assert.throws(() => createKeyringFile(path, { ...data, keys: [] }, systemRandom), KeyringError)
    createKeyringFile(path, data, systemRandom)
    assert.throws(() => rewriteKeyringFile(path, { ...data, epoch: 0 }, systemRandom), KeyringError)
    assert.deepEqual(readKeyringFile(path), data)
  })

  it('is refused when it is missing, empty, cut or too long', () => {
    refused('missing', /restore it/)
    for (const text of ['', formatKeyring(data).slice(0, 99)]) {
      fs.writeFileSync(path, text, { mode: 0o600 })
      refused('invalid', /restore it/)
    }
    fs.writeFileSync(path, ' '.repeat((1 << 20) + 1), { mode: 0o600 })
    refused('invalid', /too long/)
  })

  it('is refused when group or others may do anything with it', { skip: modes }, () => {
    createKeyringFile(path, data, systemRandom)
    for (const bit of [0o040, 0o020, 0o010, 0o004, 0o002, 0o001]) {
      fs.chmodSync(path, 0o600 | bit)
      refused('unsafe', /chmod 600/)
    }
    fs.chmodSync(path, 0o400)
    assert.deepEqual(readKeyringFile(path), data)
  })

  it('is refused as a symbolic link, folder or pipe', { skip: modes }, () => {
    createKeyringFile(join(folder, 'real'), data, systemRandom)
    fs.symlinkSync(join(folder, 'real'), path)
    refused('unsafe', /symbolic link/)
    fs.rmSync(path)
    fs.mkdirSync(path, { mode: 0o700 })
    refused('unsafe', /regular file/)
    fs.rmdirSync(path)
    // A pipe without O_NONBLOCK would hold the start for ever.
    execFileSync('mkfifo', ['-m', '600', path])
    refused('unsafe', /regular file/)
  })
})
