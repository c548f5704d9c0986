import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

/**
 * The server and the command line in a few files: it starts in half the time and two thirds of the memory that reading
 * 1,800 modules and stripping their types takes (`docs/decisions.md`). Development and tests run the sources as they are.
 */
export default defineConfig({
  root: at(''),
  publicDir: false,
  build: {
    ssr: true,
    outDir: at('dist/node'),
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    // Flat: server/places.ts counts on it.
    rolldownOptions: {
      input: {
        server: at('server/start.ts'),
        valise: at('cli/valise.ts'),
        'inspect-worker': at('server/inspect/worker.ts'),
      },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
  // Packages of very many small modules; the others are read from where they are installed.
  ssr: { noExternal: ['typebox', 'kysely', '@fastify/type-provider-typebox'] },
})
