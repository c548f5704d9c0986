import { readdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Compresses at build time, so that the server compresses nothing: `x.js` gets `x.js.br` and `x.js.gz` beside it. */
const precompress = (folder: string): Plugin => ({
  name: 'valise:precompress',
  apply: 'build',
  closeBundle: async () => {
    for (const name of await readdir(folder)) {
      if (!/\.(js|css|svg)$/.test(name)) continue
      const bytes = await readFile(`${folder}/${name}`)
      await writeFile(`${folder}/${name}.br`, await promisify(brotliCompress)(bytes))
      await writeFile(`${folder}/${name}.gz`, await promisify(gzip)(bytes))
    }
  },
})

export default defineConfig({
  root: here('.'),
  // Written into each page and replaced per request by server/pages.ts, which looks for this very text.
  html: { cspNonce: 'VALISE_NONCE' },
  plugins: [react(), precompress(here('../dist/web/assets'))],
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: true,
    target: 'es2023',
    // The policy allows no data: scripts or fonts, and a hashed file is cached for ever anyway.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { client: here('client.html'), ops: here('ops.html') } },
  },
})
