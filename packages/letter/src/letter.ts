import {
  array,
  bytes,
  decodeWith,
  document,
  encodeWith,
  field,
  type Infer,
  literal,
  optionalField,
  type Shape,
  text,
  tuple,
} from '@comity/cbor';
import { Fault } from '@comity/fault';
import { identifierShape, timeShape } from '@comity/identity';
import { type StateId, stateIdShape } from '@comity/label';
import { MAX_CONTENT_BYTES } from './padding.ts';

/** Longest note, in bytes of UTF-8. */
export const MAX_NOTE_BYTES = 1_000;

const MAX_PIECE_BYTES = 65_536;
const MAX_DISCLOSURES = 512;

/** Who writes to whom: what a letter is bound to, and without which it does not open. */
export interface LetterAddress {
  /** The state that writes. */
  readonly sender: StateId;
  /** The state whose officer it is. */
  readonly recipient: StateId;
  /** What that state calls him. */
  readonly officer: string;
  /** Thumbprint of the key in his certificate, 32 bytes. */
  readonly kid: Uint8Array;
}

const contentShape = document({
  /** The record as its originator signed it. */
  record: field(1, bytes({ min: 1, max: MAX_PIECE_BYTES })),
  /** As record.md has them; those of the parts that the officer is shown. */
  disclosures: field(2, array(bytes({ min: 1, max: MAX_PIECE_BYTES }), { max: MAX_DISCLOSURES })),
  /** When it was sealed, UTC seconds by the sender's clock. */
  atSeconds: field(3, timeShape),
  /** What it was decided for (disclosure.md 2.2). */
  purpose: field(4, identifierShape),
  /** From person to person. */
  note: optionalField(5, text({ minBytes: 1, maxBytes: MAX_NOTE_BYTES, display: true })),
});

/** What is in a letter. Whoever opens one has it from the sender, and has not verified the record in it. */
export interface LetterContent extends Infer<typeof contentShape> {}

const CONTENT_LIMITS = { maxBytes: MAX_CONTENT_BYTES, maxDepth: 2, maxItems: 16 + MAX_DISCLOSURES };

const addressShape: Shape<readonly [string, StateId, StateId, string, Uint8Array]> = tuple(
  literal('comity-letter/1'),
  stateIdShape,
  stateIdShape,
  identifierShape,
  bytes(32),
);

/** What the key of a letter is derived with (letter.md 2.3). @throws Fault `cbor.*` */
export function encodeAddress({ sender, recipient, officer, kid }: LetterAddress): Uint8Array {
  return encodeWith(addressShape, ['comity-letter/1', sender, recipient, officer, kid]);
}

/** @throws Fault `letter.too-large`, `cbor.*` */
export function encodeContent(content: LetterContent): Uint8Array {
  const byteLength = [content.record, ...content.disclosures].reduce((sum, { length }) => sum + length, 0);
  if (byteLength > MAX_CONTENT_BYTES) throw tooLarge(byteLength);
  return encodeWith(contentShape, content, { ...CONTENT_LIMITS, maxBytes: 2 * MAX_CONTENT_BYTES });
}

/** @throws Fault `cbor.*` */
export function decodeContent(content: Uint8Array): LetterContent {
  return decodeWith(contentShape, content, CONTENT_LIMITS);
}

function tooLarge(byteLength: number): Fault {
  return new Fault('letter.too-large', `a letter holds at most ${MAX_CONTENT_BYTES} bytes`, {
    fields: { bytes: byteLength },
  });
}
