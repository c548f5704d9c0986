import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { startContender } from './process.ts'
import { json, send } from './transfer.ts'

const main = fileURLToPath(new URL('../dist/node/server.js', import.meta.url))
const PASSWORD = 'correct horse battery staple'

/** The server on a folder, by default a fresh one, with an ops account and one client signed in. */
export const startValise = async (dataDir: string) => {
  const env = { VALISE_PORT: '0', VALISE_LOG_LEVEL: 'error', VALISE_DATA_DIR: dataDir }
  const { contender, lines, milliseconds } = await startContender({
    name: 'Valise',
    command: process.execPath,
    args: [main],
    env,
    address: /^ {2}Open +(\S+)/,
    last: /^ {2}Data/,
  })
  return { contender, milliseconds, setupToken: lines.join('\n').match(/setup#(\S+)/)?.[1] ?? '' }
}

/** The first administrator, signed in: a bearer token. */
export const setUp = async (url: string, setupToken: string): Promise<string> => {
  const email = 'ops@firm.example'
  await expect(
    201,
    json(`${url}/api/v1/setup`, 'POST', { setup_token: setupToken, email, name: 'Ops', password: PASSWORD }),
  )
  return signIn(url, 'ops', email)
}

/** A client who signed up and verified, signed in: a bearer token. */
export const join = async (url: string, dataDir: string, email: string): Promise<string> => {
  await expect(202, json(`${url}/api/v1/client/signup`, 'POST', { email, name: 'Client', password: PASSWORD }))
  const token = await mailToken(path.join(dataDir, 'mail'), email)
  await expect(200, json(`${url}/api/v1/client/verify`, 'POST', { token, password: PASSWORD }))
  return signIn(url, 'client', email)
}

const signIn = async (url: string, role: string, email: string): Promise<string> =>
  (await expect(200, json(`${url}/api/v1/${role}/login`, 'POST', { email, password: PASSWORD }))).access_token

const expect = async (status: number, answer: ReturnType<typeof json>) => {
  const got = await answer
  if (got.status !== status) throw new Error(`${got.status} in place of ${status}: ${JSON.stringify(got.body)}`)
  return got.body
}

const mailToken = async (folder: string, email: string): Promise<string> => {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; ) {
    const names = (await readdir(folder).catch(() => [])).filter(name => name.endsWith('.eml'))
    for (const name of names) {
      const text = (await readFile(path.join(folder, name), 'utf8')).replaceAll(/=\r?\n/g, '')
      const token = text.includes(`To: ${email}`) ? /verify#([A-Za-z0-9_-]+)/.exec(text)?.[1] : undefined
      if (token) return token
    }
  }
  throw new Error(`No mail to ${email}`)
}

const BOUNDARY = 'valise-bench'

export const upload = async (url: string, token: string, name: string, document: Uint8Array, audience: unknown) => {
  const part = (head: string) => Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`)
  const answer = await send(
    `${url}/api/v1/ops/files`,
    'POST',
    { authorization: `Bearer ${token}`, 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
    [
      part('name="audience"'),
      Buffer.from(`${JSON.stringify(audience)}\r\n`),
      part(`name="file"; filename="${name}"`),
      document,
      Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
    ],
  )
  if (answer.status !== 201) throw new Error(`Upload: ${answer.status} ${answer.text}`)
  return { seconds: answer.seconds, id: String(JSON.parse(answer.text).id) }
}

export const link = async (url: string, token: string, fileId: string): Promise<string> =>
  (await expect(201, json(`${url}/api/v1/client/files/${fileId}/link`, 'POST', {}, token))).download_link
