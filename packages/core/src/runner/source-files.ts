import { globSync } from 'tinyglobby'

/**
 * The files of a project that may be tests, or code that tests run.
 *
 * @param root absolute path of the project
 * @returns absolute paths
 */
export function sourceFiles(root: string): string[] {
  return globSync('**/*.{js,jsx,ts,tsx,cjs,mjs,cts,mts}', {
    cwd: root,
    absolute: true,
    dot: true,
    // A cassette is a directory whose name ends as that of its test file does.
    expandDirectories: false,
    ignore: ['**/node_modules/**', '**/.git/**'],
  })
}
