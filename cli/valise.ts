#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { CODE_CACHE } from '../server/places.ts'

// Compiled code is kept beside the packages, as the server does: the second run is the quick one.
enableCompileCache(CODE_CACHE)
const { run } = await import('./run.ts')
await run(process.argv)
