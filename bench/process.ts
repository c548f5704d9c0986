import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** A server under measurement, as a process of its own. Memory in MiB, as the kernel counts it. */
export type Contender = { name: string; url: string; pid: number; stop: () => Promise<void> }

type Start = {
  name: string
  command: string
  args: string[]
  env?: Record<string, string>
  address: RegExp
  last?: RegExp
}

/**
 * Starts a program, waits for the line that is the `last` it prints (else the one with its `address`, the first group), and
 * for an answer from there. `milliseconds`: until then.
 */
export const startContender = async ({ name, command, args, env, address, last = address }: Start) => {
  const began = performance.now()
  const child = spawn(command, args, { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  process.once('exit', () => child.kill('SIGKILL'))
  const lines: string[] = []
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', line => {
      lines.push(line)
      if (last.test(line)) resolve(lines.map(one => address.exec(one)?.[1]).find(Boolean) ?? '')
    })
    exited.then(() => reject(new Error(`${name} ended before it was ready`)))
  })
  await (await fetch(url)).arrayBuffer()
  const milliseconds = performance.now() - began
  const contender: Contender = {
    name,
    url,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM')
      await exited
    },
  }
  return { contender, lines, milliseconds }
}

const field = (pid: number, name: string): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024
}

export const residentNow = (pid: number): number => field(pid, 'VmRSS')

/** Watches resident memory while something runs: its highest value, MiB, every 20 ms. */
export const peakWhile = async <T>(pid: number, run: () => Promise<T>): Promise<{ value: T; peak: number }> => {
  let peak = residentNow(pid)
  const timer = setInterval(() => {
    peak = Math.max(peak, residentNow(pid))
  }, 20)
  try {
    return { value: await run(), peak }
  } finally {
    clearInterval(timer)
  }
}
