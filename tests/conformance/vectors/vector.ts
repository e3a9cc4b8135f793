// What a file of vectors holds. protocol/conformance.md §3 describes the same form for readers of the files.

/** A value of JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

interface Case {
  /** What is special about the input; for an invalid one, what was done to a valid one and why that is refused. */
  readonly comment: string;
  readonly in: { readonly [name: string]: Json };
}

export interface ValidCase extends Case {
  readonly out: Json;
}

export interface InvalidCase extends Case {
  readonly code: string;
  /** Clause of the topic's chapter that refuses it, as in its table of refusals: `3.2`, or the name of the document. */
  readonly clause: string;
}

/** One file, `protocol/vectors/<topic>/<valid or invalid>/<name>.json`, with the vectors of one operation. */
interface VectorFileBase {
  /** Name of the chapter without `.md`. */
  readonly topic: string;
  readonly name: string;
  readonly op: string;
  /** Members of `in` (or `out.member`) that hold a document, by the rule of the topic's grammar that it fits. */
  readonly grammar?: { readonly [member: string]: string };
}

export interface ValidFile extends VectorFileBase {
  readonly valid: readonly ValidCase[];
}

export interface InvalidFile extends VectorFileBase {
  readonly invalid: readonly InvalidCase[];
}

export type VectorFile = ValidFile | InvalidFile;
