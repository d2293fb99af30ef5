// Bundles the page into dist/, whose bytes depend on nothing but what is committed here. With --check it writes nothing, and
// fails where dist/ is not what these sources make.
import { build } from 'esbuild';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const here = import.meta.dirname;
const dist = join(here, 'dist');

// The client is bundled from its sources, with the one library that it needs: the same version that it names.
const pinned = async (folder) =>
  JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')).dependencies['openapi-fetch'];
if ((await pinned(here)) !== (await pinned(join(here, '..')))) {
  throw new Error('openapi-fetch is not the version that the client names: change it in package.json');
}

// Its license wants its words to stay with it.
const license = (await readFile(join(here, 'node_modules/openapi-fetch/LICENSE'), 'utf8')).trim();
const banner = { js: `/*! Contains openapi-fetch.\n\n${license}\n*/` };

const bundle = async (entry, name) => {
  const { outputFiles } = await build({
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: ['es2022'],
    charset: 'utf8',
    legalComments: 'none',
    banner: name.endsWith('.js') ? banner : {},
    alias: { 'openapi-fetch': join(here, 'node_modules', 'openapi-fetch') },
    logLevel: 'warning',
  });
  return [name, Buffer.from(outputFiles[0].contents)];
};

const made = new Map([
  await bundle('src/main.ts', 'app.js'),
  await bundle('src/app.css', 'app.css'),
  ['index.html', await readFile(join(here, 'src/index.html'))],
  ['favicon.svg', await readFile(join(here, 'src/favicon.svg'))],
]);

if (process.argv.includes('--check')) {
  const there = await readdir(dist).catch(() => []);
  const stale = [...new Set([...made.keys(), ...there])];
  const differing = [];
  for (const name of stale) {
    const bytes = await readFile(join(dist, name)).catch(() => null);
    if (!bytes || !made.get(name)?.equals(bytes)) differing.push(name);
  }
  if (differing.length > 0) {
    console.error(`dist/ is not current: ${differing.sort().join(', ')}. Run: npm run build`);
    process.exit(1);
  }
} else {
  for (const [name, bytes] of made) {
    await writeFile(join(dist, name), bytes);
    console.log(`${name}  ${bytes.length} bytes`);
  }
}
