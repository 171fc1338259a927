const tasks = new Map<string, () => void>()

/**
 * Does something when this process ends; of one key, only the last.
 *
 * @param key tells what it is
 */
export function atExit(key: string, task: () => void): void {
  if (tasks.size === 0) process.once('exit', () => tasks.forEach((last) => last()))
  tasks.set(key, task)
}
