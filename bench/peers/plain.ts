// The least a Node server can do: PUT writes the body to a file and fsyncs it, GET pipes it back. No account, no check, no
// hash, no encryption. What Valise costs on top is what its figures are divided by.
import { createReadStream, createWriteStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

const [folder = '.'] = process.argv.slice(2)
const pathOf = (url = '') => join(folder, `peer-${url.replaceAll(/[^a-z0-9]/g, '')}`)

const server = createServer(async (request, response) => {
  const path = pathOf(request.url)
  if (request.method === 'PUT') {
    await pipeline(request, createWriteStream(path, { highWaterMark: 256 * 1024 }))
    const file = await open(path, 'r+')
    await file.sync()
    await file.close()
    response.writeHead(201).end()
    return
  }
  const stats = await stat(path).catch(() => undefined)
  if (!stats) {
    response.writeHead(404).end()
    return
  }
  response.writeHead(200, { 'content-length': stats.size })
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), response)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`)
})
process.once('SIGTERM', () => {
  server.close()
  server.closeAllConnections()
})
