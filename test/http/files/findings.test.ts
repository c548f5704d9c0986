import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeOffice } from '../../office.ts'
import { joinClient, setUpAdmin } from '../../people.ts'
import { startServer } from '../../server.ts'

const CLIENT = 'clara@customer.example'

test('clients read what concerns them, not what the author forgot', async t => {
  const server = await startServer()
  t.after(() => server.stop())
  const admin = await setUpAdmin(server)
  const client = await joinClient(server, CLIENT)
  const comments =
    '<w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:comment w:id="0" w:author="A"><w:p/></w:comment></w:comments>'
  const document = makeOffice({
    type: 'docx',
    extraParts: { 'word/comments.xml': comments },
    contentTypes: {
      '/word/comments.xml': 'application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml',
    },
    relationships: [
      { id: 'rIdC', type: 'comments', target: 'comments.xml' },
      { id: 'rIdI', type: 'image', target: 'https://tracker.example/a.png', external: true },
    ],
  })
  const { body, status, text } = await admin.upload('Report.docx', document, { clients: [CLIENT] })
  assert.equal(status, 201, text)
  const codes = (findings: { code: string }[]) => findings.map(({ code }) => code).sort()
  assert.ok(codes(body.findings).includes('leak_comments'), codes(body.findings).join())
  const mine = await client.get(`/api/v1/client/files/${body.id}`)
  assert.deepEqual(codes(mine.body.findings), ['external_image'])
  assert.match(mine.body.findings[0].message, /When you open this document/)
})
