import { Player } from '../../../src/index.ts'

// Records `<origin>/<label>/0` and so on, and prints each URL once it is saved.
const [path = '', origin = '', label = '', count = ''] = process.argv.slice(2)
const player = new Player(path, { recordMode: 'new_episodes' }).insert()
for (let at = 0; at < Number(count); at += 1) {
  const url = `${origin}/${label}/${at}`
  await (await fetch(url)).text()
  await player.settle()
  await player.save()
  process.stdout.write(`${url}\n`)
}
await player.eject()
