import { writeFileSync } from 'node:fs';
import { argv, stdout } from 'node:process';
import { buildPage } from './build.ts';

// npm run verifier [FILE]: writes the page, and prints its digest as `sha256sum` does.

const [, , file = 'comity-verifier.html'] = argv;
const { html, sha256 } = await buildPage();
writeFileSync(file, html);
stdout.write(`${sha256}  ${file}\n`);
