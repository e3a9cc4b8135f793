import type { Input } from './input.ts';

/** A value that JSON can carry. Whole numbers from 2^53 on stand as decimal texts (conformance.md §2). */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * One operation of the line protocol: from its input to what it returns when the verdict is good.
 *
 * @throws Fault with the code of the refusal, when the verdict is bad
 */
export type Operation = (input: Input) => Json | Promise<Json>;

/** Operations by their names, `topic.verb`. */
export type Operations = Readonly<Record<string, Operation>>;
