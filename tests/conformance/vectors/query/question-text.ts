// Questions for the vectors: what Borealis asks Arcadia, each piece of which can be replaced.

import { cbor, type Entries, hex, type Item, map, Tag } from '../cbor-text.ts';
import type { Changes } from '../record/text.ts';
import { type KeyPair, sign1 } from '../signing.ts';
import { arcadia, borealis, changed, drawn, NOW_SECONDS, type State } from '../states.ts';
import type { InvalidCase, Json, ValidCase, VectorFile } from '../vector.ts';

/** How the question itself is to be treated (query.md 1.5). */
export const LABEL: Entries = map(
  [1, 'xbo-2026'],
  [2, 'open'],
  [5, [arcadia.id]],
  [8, ['incident-response']],
);

export interface QuestionOptions {
  /** Changes of the payload, by key of query.md 1.4 and §2. */
  readonly payload?: Changes;
  readonly claims?: Changes;
  readonly header?: Changes;
  /** Replaces the payload as a whole. */
  readonly content?: Item;
  /** Default: empty. */
  readonly unprotected?: Item;
  readonly issuedAtSeconds?: number;
  readonly asker?: State;
  readonly key?: KeyPair;
}

/** A signed question for everything, for incident response. */
export function question(options: QuestionOptions = {}): { readonly message: Buffer; readonly id: Buffer } {
  const { asker = borealis, key = asker.keys.record, issuedAtSeconds = NOW_SECONDS } = options;
  const payload = changed(
    [
      [1, arcadia.id],
      [2, 'incident-response'],
      [3, LABEL],
    ],
    options.payload ?? [],
  );
  const claims = changed(
    [
      [1, asker.idText],
      [2, 'query'],
      [6, issuedAtSeconds],
      [7, drawn(`question ${issuedAtSeconds}`)],
    ],
    options.claims ?? [],
  );
  const header = changed(
    [
      [1, -19],
      [4, key.keyId],
      [15, claims],
      [16, 'application/comity-query+cose'],
    ],
    options.header ?? [],
  );
  const signed = sign1(key, cbor(options.content ?? payload), [], header);
  const { unprotected } = options;
  if (unprotected === undefined) return signed;
  return {
    message: cbor(new Tag(18, [signed.protected, unprotected, signed.payload, signed.signature])),
    id: signed.id,
  };
}

type Members = { readonly [name: string]: Json };

/** The `in` of query.verify: Arcadia is asked by Borealis, whose record key it knows. */
export function inputOf(message: Uint8Array, members: Members = {}): Members {
  return {
    question: hex(message),
    charters: [hex(arcadia.charter), hex(borealis.charter)],
    certificates: [hex(borealis.certificates.record)],
    from: borealis.idText,
    to: arcadia.idText,
    nowSeconds: NOW_SECONDS,
    ...members,
  };
}

/** A question that is accepted, with the members of `filter` that it is read as. */
export function accepted(
  comment: string,
  options: QuestionOptions,
  filter: Json,
  out: Members = {},
  members: Members = {},
): ValidCase {
  const { message, id } = question(options);
  return {
    comment,
    in: inputOf(message, members),
    out: {
      id: hex(id),
      from: borealis.idText,
      issuedAtSeconds: options.issuedAtSeconds ?? NOW_SECONDS,
      purpose: 'incident-response',
      label: hex(cbor(LABEL)),
      filter,
      ...out,
    },
  };
}

export function refused(
  code: string,
  clause: string,
  comment: string,
  options: QuestionOptions,
  members: Members = {},
): InvalidCase {
  return { comment, in: inputOf(question(options).message, members), code, clause };
}

const form = { topic: 'query', op: 'query.verify' };

export function questionsAccepted(name: string, valid: readonly ValidCase[]): VectorFile {
  return {
    ...form,
    name,
    grammar: {
      question: 'question',
      charters: 'charter',
      certificates: 'key-certificate',
      'out.label': 'label',
    },
    valid,
  };
}

export function questionsRefused(
  name: string,
  invalid: readonly InvalidCase[],
  grammar?: VectorFile['grammar'],
): VectorFile {
  return { ...form, name, ...(grammar && { grammar }), invalid };
}
