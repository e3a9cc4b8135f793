// What is started as a program or a thread of its own. The only module that may look for another file of the program beside
// itself: .dev/program.mjs puts the sources together into few files, and keeps these where they are relative to this one.

// The same files as TypeScript in a checkout and as JavaScript where compiled.
const suffix = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

export const MAIN = new URL(`./cli/main.${suffix}`, import.meta.url);
export const JUDGE_THREAD = new URL(`./jobs/judge-thread.${suffix}`, import.meta.url);
export const SORTING_THREAD = new URL(`./jobs/sorting-thread.${suffix}`, import.meta.url);
