import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeOffice } from '../../office.ts'
import { PASSWORD, setUpAdmin } from '../../people.ts'
import { startServer } from '../../server.ts'

const headers = { 'Accept-Language': 'de-DE,de;q=0.9,en;q=0.5' }
const email = 'kim@kunde.example'

test('mails speak the language of who reads them, as their browser said when they last came', async t => {
  const server = await startServer()
  t.after(() => server.stop())
  const admin = await setUpAdmin(server)
  const kim = server.client()
  await kim.post('/api/v1/client/signup', { email, name: 'Kim', password: PASSWORD }, { headers })
  const mail = await server.lastMail(email)
  assert.match(mail.text, /Diese Adresse best/)
  await kim.post('/api/v1/client/verify', { token: mail.token, password: PASSWORD }, { headers })

  const handOver = async () => {
    const { body } = await admin.upload('Bericht.docx', makeOffice({ type: 'docx' }))
    await admin.post('/api/v1/ops/handoffs', { files: [body.id], audience: { clients: [email] } })
    while (await server.app.handoffs.notifier.work());
    return server.lastMail(email)
  }
  assert.match((await handOver()).text, /Dokument \S*ffnen|Dokument =/)
  // A program that says nothing of languages changes nothing.
  await kim.post('/api/v1/client/login', { email, password: PASSWORD })
  assert.doesNotMatch((await handOver()).text, /Open the document/)
  await kim.post('/api/v1/client/login', { email, password: PASSWORD }, { headers: { 'Accept-Language': 'en-GB' } })
  assert.match((await handOver()).text, /Open the document/)
  await kim.post('/api/v1/client/password/forgot', { email }, { headers })
  assert.match((await server.lastMail(email)).text, /Choose a new password/, 'to the owner, not to who asked')
})
