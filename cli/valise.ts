#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// Compiled code is kept beside the packages, as the server does: the second run is the quick one.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/valise', import.meta.url)))
const { run } = await import('./run.ts')
await run(process.argv)
