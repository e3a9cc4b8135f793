// Puts the command line together into few files: reading fifteen hundred takes four fifths of the time of a short command.
// Prints where the program is, and where its compiled form: node .dev/program.mjs [CHECKOUT]

import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { argv, stdout } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { root, setUpKey } from './setup.mjs';

const self = fileURLToPath(import.meta.url);

/** What is started by itself (node/src/entries.ts): each stays where it is relative to the folder of that file. */
const ENTRIES = ['cli/main', 'jobs/judge-thread', 'jobs/sorting-thread'];
/** What is not installed but written here. */
const OWN = /^(?!\0)(?!.*[\\/]node_modules[\\/])/;
/** Where a module says where it is. */
const PLACE = /\bimport\.meta\.url\b|\b__(?:dir|file)name\b/g;
/** A node runs from an older program, and may start a thread of it, for as long as it runs. */
const KEPT = 10;
/** Nothing can be written there, or not by this user. */
const UNWRITABLE = ['EACCES', 'EROFS', 'EPERM', 'ENOSPC', 'ENOTDIR'];

/**
 * Where the command line of a checkout is: put together, anew if anything changed since the last time; the sources themselves,
 * which need `nodeOptions` (setup.mjs), where that cannot be done.
 */
export async function program(checkout = root) {
  const places = placesIn(checkout);
  const ready = readyProgram(checkout, places);
  if (ready) return ready;
  // No bundler is installed for this machine.
  const bundler = await import('rolldown').catch(() => undefined);
  if (bundler === undefined) return places.sourceMain;
  const folder = join(places.cache, `program-${randomBytes(8).toString('hex')}`);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    if (UNWRITABLE.includes(error.code)) return places.sourceMain;
    throw error;
  }
  return build(bundler, checkout, places, folder);
}

/** Where what V8 compiled of a program is kept. */
export function compileCacheOf(main, checkout = root) {
  const { cache, sourceMain } = placesIn(checkout);
  return main === sourceMain ? join(cache, 'sources') : join(dirname(dirname(main)), 'compiled');
}

function placesIn(checkout) {
  const source = join(checkout, 'node', 'src');
  // Inside the checkout: a folder that others may write, such as the system's temporary one, would let them put code in.
  const cache = join(checkout, 'node_modules', '.cache', 'comity');
  return { source, sourceMain: join(source, 'cli', 'main.ts'), cache, stamp: join(cache, 'program.json') };
}

function readyProgram(checkout, { stamp }) {
  try {
    const { key, files, main } = JSON.parse(readFileSync(stamp, 'utf8'));
    const isSame = key === setUpKey() && files.every(([file, mark]) => markOf(join(checkout, file)) === mark);
    return isSame && existsSync(main) ? main : undefined;
  } catch {
    return undefined;
  }
}

/** Changes whenever a file is written. */
function markOf(file) {
  const { mtimeMs, size } = statSync(file);
  return `${mtimeMs} ${size}`;
}

async function build({ rolldown }, checkout, { source, cache, stamp }, folder) {
  const files = new Map([[self, markOf(self)]]);
  const bundle = await rolldown({
    cwd: checkout,
    platform: 'node',
    input: Object.fromEntries(ENTRIES.map((name) => [name, join(source, `${name}.ts`)])),
    resolve: { conditionNames: ['source', 'node'] },
    onLog: (_level, { code, message }) => {
      // It would only be missed at the next start, and then at each: what was put together is kept.
      if (code === 'UNRESOLVED_IMPORT') throw new Error(message);
    },
    plugins: [
      // Before a file is read: what is written from then on makes the program stale.
      { name: 'marks', load: { filter: { id: OWN }, handler: (file) => void files.set(file, markOf(file)) } },
      {
        name: 'places',
        transform: {
          filter: { code: PLACE },
          handler: (code, file) =>
            file.startsWith('\0') || file === join(source, 'entries.ts') ? undefined : keepPlace(code, file),
        },
      },
    ],
  });
  try {
    await bundle.write({
      dir: folder,
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
    });
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}\n');
    const main = join(folder, `${ENTRIES[0]}.js`);
    const marks = [...files].map(([file, mark]) => [relative(checkout, file), mark]);
    const written = join(folder, 'program.json');
    writeFileSync(written, JSON.stringify({ key: setUpKey(), main, files: marks }));
    // At once or not at all: others may be doing the same.
    renameSync(written, stamp);
    prune(cache);
    return main;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  } finally {
    await bundle.close();
  }
}

/** A module that looks for files beside itself, as those with a binary do, finds them where it was. */
function keepPlace(code, file) {
  const places = { 'import.meta.url': pathToFileURL(file).href, __dirname: dirname(file), __filename: file };
  return code.replaceAll(PLACE, (name) => JSON.stringify(places[name]));
}

function prune(cache) {
  const writtenMs = (name) => statSync(join(cache, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const programs = readdirSync(cache)
    .filter((name) => name.startsWith('program-'))
    .map((name) => ({ name, atMs: writtenMs(name) }))
    .sort((a, b) => b.atMs - a.atMs);
  for (const { name } of programs.slice(KEPT)) rmSync(join(cache, name), { recursive: true, force: true });
}

if (argv[1] && realpathSync(argv[1]) === self) {
  const checkout = argv[2] ?? root;
  const main = await program(checkout);
  stdout.write(`${main}\n${compileCacheOf(main, checkout)}\n`);
}
