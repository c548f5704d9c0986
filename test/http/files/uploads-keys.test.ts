import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { isNeeded, keyUse } from '../../../cli/admin/key-use.ts'
import { rotateKeys } from '../../../cli/admin/rotate.ts'
import { readConfig } from '../../../server/config.ts'
import { systemRandom } from '../../../server/crypto/random.ts'
import { openInstallation } from '../../../server/installation.ts'
import { makeOffice } from '../../office.ts'
import { startServer } from '../../server.ts'
import { enlist, enter } from '../gauntlet/cast.ts'
import { append, begun, end, idOf } from './tus.ts'

test('keys are rotated in the middle of an upload: it goes on under the new one, and holds it', async t => {
  const dataDir = await mkdtemp(join(tmpdir(), 'valise-rotate-'))
  t.after(() => rm(dataDir, { recursive: true, force: true }))
  const config = readConfig({ VALISE_DATA_DIR: dataDir })
  const bytes = makeOffice({ type: 'docx', padTo: 200_000 })
  const needs = { random: systemRandom, now: Date.now }
  /** Which keys unfinished uploads still need. */
  const held = async (): Promise<string[]> => {
    const installation = await openInstallation(config, needs)
    try {
      // Sessions hold the key that signed them, too; what uploads hold is counted apart.
      const uses = await keyUse(installation, Date.now())
      for (const use of uses) if (use.uploads > 0) assert.ok(isNeeded({ ...use, state: 'retired', until: undefined }))
      return uses.filter(({ uploads }) => uploads > 0).map(({ id }) => id)
    } finally {
      await installation.close()
    }
  }

  const first = await startServer({ dataDir })
  const ada = await enlist(first, 'ops', 'ada@firm.example', { admin: true })
  const path = await begun(ada.client, bytes.length)
  const other = await begun(ada.client, bytes.length)
  assert.equal((await append(ada.client, path, 0, bytes.subarray(0, 100_000))).status, 204)
  assert.equal((await end(ada.client, other)).status, 204)
  await first.stop()
  const [before] = await held()

  const { to } = await rotateKeys({ config, ...needs, onStep: () => {} })
  assert.notEqual(to, before)
  assert.deepEqual(await held(), [to])

  const second = await startServer({ dataDir })
  try {
    const again = await enter(second, 'ops', ada.email)
    assert.equal((await append(again.client, path, 100_000, bytes.subarray(100_000))).status, 204)
    assert.equal((await again.client.get(`/api/v1/ops/files/${idOf(path)}`)).status, 200)
  } finally {
    await second.stop()
  }
  assert.deepEqual(await held(), [])
})
