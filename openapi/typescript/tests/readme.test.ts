import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';

const read = (name: string) => readFile(new URL(`../${name}`, import.meta.url), 'utf8');

test('the code of the README stands in the examples, which the compiler reads', async () => {
  const examples = await Promise.all(
    (await readdir(new URL('../examples', import.meta.url))).map((name) => read(`examples/${name}`)),
  );
  const blocks = [...(await read('README.md')).matchAll(/^```ts\n([^]*?)^```$/gm)].map(
    ([, code]) => code ?? '',
  );
  assert.ok(blocks.length > 0);
  for (const block of blocks) {
    assert.ok(
      examples.some((example) => example.includes(block)),
      `this is no part of an example:\n${block}`,
    );
  }
});
