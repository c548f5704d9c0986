#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { CODE_CACHE } from './places.ts'

// Before anything else is loaded: what is loaded earlier is not kept.
enableCompileCache(CODE_CACHE)
const { main } = await import('./main.ts')
await main()
