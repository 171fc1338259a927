import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('record.ts', import.meta.url))

/** How a process is started. */
export interface Surroundings {
  /** A command that runs the one behind it. */
  readonly within?: readonly string[]
  readonly options?: SpawnOptions
}

export interface RecordingProcess {
  readonly child: ChildProcess
  /** URLs that it said to have saved. */
  readonly saved: readonly string[]
  /** What it wrote to stderr. */
  readonly complaint: string
  /** Resolves at the first saved recording, or the end. */
  readonly started: Promise<void>
  /** Resolves with its exit code; `null` where it was killed. */
  readonly ended: Promise<number | null>
}

/** Records into a cassette from a process of its own, one save per request. */
export function recordingProcess(
  request: { path: string; origin: string; label: string; count: number },
  { within = [], options = {} }: Surroundings = {},
): RecordingProcess {
  const { path, origin, label, count } = request
  const node = [process.execPath, '--no-warnings', script, path, origin, label, String(count)]
  const [command = '', ...rest] = [...within, ...node]
  const child = spawn(command, rest, {
    ...options,
    env: { ...process.env, CI: '', CASSETTE_MODE: '' },
  })
  const saved: string[] = []
  let [output, complaint] = ['', '']
  const started = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<number | null>()
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (output + text).split('\n')
    output = lines.pop() ?? ''
    saved.push(...lines)
    started.resolve()
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaint += text))
  child.once('error', ended.reject).once('close', (code) => {
    started.resolve()
    ended.resolve(code)
  })
  return {
    child,
    saved,
    get complaint() {
      return complaint
    },
    started: started.promise,
    ended: ended.promise,
  }
}
