// Loaded into the process of a node before anything else: its clock shows as many seconds more than the machine's as stand in
// a file that the suite writes while the node runs. The clock that nobody sets is left as it is.

import { readFileSync } from 'node:fs';
import { env } from 'node:process';

/** Between two looks at the file. */
const LOOK_EACH_MS = 20;

const path = env.FALSE_CLOCK;
if (path === undefined) throw new Error('FALSE_CLOCK names no file');
const file = path;
const machine = Date.now;
let addedMs = 0;
let lookedMs = Number.NEGATIVE_INFINITY;

Date.now = () => {
  if (performance.now() - lookedMs >= LOOK_EACH_MS) {
    addedMs = 1_000 * Number(readFileSync(file, 'utf8'));
    lookedMs = performance.now();
  }
  return machine() + addedMs;
};
