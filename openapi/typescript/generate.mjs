// Writes what the OpenAPI document says into src/: the types, and the few facts that the client needs while it runs.
// With --check nothing is written: it fails if what is committed is not what would be written.
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const documentUrl = new URL('../openapi.json', import.meta.url);
const document = JSON.parse(await readFile(documentUrl, 'utf8'));
const banner =
  '// Generated from ../openapi.json by `npm run generate`. Change the document, not this file.\n\n';

async function types() {
  // What has a default may be left out of a request, which is where the document has defaults.
  const ast = await openapiTS(documentUrl, { defaultNonNullable: false, silent: true });
  return `${banner}${astToString(ast)}`;
}

function facts() {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.operationId)
      .map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
  );
  const takesBearer = ({ operation }) => operation.security?.some((scheme) => 'bearer' in scheme) ?? true;
  // A POST whose answer is kept for its key says so by a header of the answer. The others take a key without effect.
  const keepsAnswer = ({ operation }) =>
    Object.values(operation.responses).some((response) => response.headers?.['Idempotency-Replayed']);
  const problems = Object.values(document.components.responses).flatMap((response) =>
    Object.keys(response.content['application/problem+json'].examples),
  );
  const list = (items) => items.map((item) => `  '${item}',\n`).join('');
  const names = (filter) => list(operations.filter(filter).map(({ name }) => name));
  return `${banner}/** The kinds of problems that the document knows, by the last part of their \`type\`. */
export const problemKinds = [
${list([...new Set(problems)])}] as const;

/** The operations that are called by the right of a session. */
export const inSession: ReadonlySet<string> = new Set([
${names(takesBearer)}]);

/** The operations whose answer is kept for an \`Idempotency-Key\`, so that a repeated request is done once. */
export const keyed: ReadonlySet<string> = new Set([
${names(keepsAnswer)}]);
`;
}

const files = [
  ['src/schema.ts', await types()],
  ['src/facts.ts', facts()],
];
let stale = false;
for (const [name, text] of files) {
  const url = new URL(name, import.meta.url);
  if (!process.argv.includes('--check')) {
    await writeFile(url, text);
  } else if ((await readFile(url, 'utf8').catch(() => '')) !== text) {
    console.error(`${name} is not what ../openapi.json says: run \`npm run generate\`.`);
    stale = true;
  }
}
process.exitCode = stale ? 1 : 0;
