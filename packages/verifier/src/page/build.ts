import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** The page, and the digest that is published with it. */
export interface BuiltPage {
  readonly html: string;
  /** SHA-256 of the file, in hexadecimal. */
  readonly sha256: string;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * Builds the verifier as one HTML file that loads nothing: its script and style stand in it and are allowed by their digests,
 * and everything else is forbidden to it. The script is the source of the packages without types and comments, not minified.
 * The same sources give the same bytes.
 */
export async function buildPage(): Promise<BuiltPage> {
  const script = await bundle(here('main.ts'));
  const style = `\n${await readFile(here('page.css'), 'utf8')}`;
  const policy = [
    "default-src 'none'",
    `script-src '${allowed(script)}'`,
    `style-src '${allowed(style)}'`,
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Comity verifier</title>
<style>${style}</style>
</head>
<body>
<noscript>This page verifies with a script of its own, and sends nothing. Allow scripts to use it.</noscript>
<script>${script}</script>
</body>
</html>
`;
  return { html, sha256: createHash('sha256').update(html).digest('hex') };
}

async function bundle(entry: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: ['source', 'browser', 'module', 'import', 'default'] },
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      rolldownOptions: { output: { comments: false } },
      lib: { entry, formats: ['es'], fileName: 'page' },
    },
    plugins: [{ name: 'registries', enforce: 'pre', transform: withoutNotes }],
  });
  const [bundled] = [result].flat();
  const [output] = bundled !== undefined && 'output' in bundled ? bundled.output : [];
  if (output === undefined || output.type !== 'chunk') throw new Error('the bundler has made no script');
  // Nothing in a script may end the element that it stands in. Its names are its own, and one indent less is a level of all lines.
  const code = output.code.trim().replaceAll('</script', String.raw`<\/script`);
  return `\n(() => {\n'use strict';\n${code}\n})();\n`;
}

/** Members of registries that are for people, and that no verifier reads: where something comes from, what it means. */
const FOR_PEOPLE: ReadonlySet<string> = new Set([
  ...['name', 'notes', 'source', 'verified', 'direction', 'number'],
  ...['summary', 'dpv', 'permits', 'stix', 'version', 'audience', 'actions', 'annex'],
]);

/** A registry as far as a verifier reads it. */
function withoutNotes(code: string, id: string): string | undefined {
  if (!id.endsWith('.json') || !id.includes('/protocol/registries/')) return undefined;
  return JSON.stringify(JSON.parse(code, (key, value: unknown) => (FOR_PEOPLE.has(key) ? undefined : value)));
}

function allowed(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
