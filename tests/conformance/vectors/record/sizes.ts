// Records at their limits of bytes and one beyond (record.md 1.2, 5.8), put to record.lookup,
// whose answer is short.

import { arcadia } from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';
import { beside, invalid, type Members, RECORD_GRAMMAR, valid, verifying } from './inputs.ts';
import {
  type Disclosure,
  field,
  type RecordText,
  type Redacted,
  recordText,
  withheldFields,
} from './text.ts';

const subject = 'norm/limits';
/** record.md 1.2, 5.8. */
const RECORD_BYTES = 65_536;
const DISCLOSED_BYTES = 262_144;
const CARRIED_BYTES = RECORD_BYTES + DISCLOSED_BYTES;

function norm(body: readonly Disclosure[] | Redacted): RecordText {
  return recordText({ issuer: arcadia, subject, body });
}

/** A disclosed field of so many bytes; a name of one letter, and content with a head of three bytes. */
function fieldOf(name: string, byteLength: number): Disclosure {
  const made = field(name, Buffer.alloc(byteLength - 25));
  if (made.bytes.length !== byteLength)
    throw new Error(`${made.bytes.length} bytes instead of ${byteLength}`);
  return made;
}

/** A record of so many bytes without its disclosures. */
function ofBytes(byteLength: number, parts: readonly Disclosure[] = []): RecordText {
  const fill = (bytes: number): RecordText =>
    norm(withheldFields(parts, [['filling', Buffer.alloc(bytes)]], 'filling'));
  const made = fill(10_000 + byteLength - fill(10_000).message.length);
  if (made.message.length !== byteLength)
    throw new Error(`${made.message.length} bytes instead of ${byteLength}`);
  return made;
}

/** Four disclosed fields of so many bytes together. */
function fieldsOf(byteLength: number): readonly Disclosure[] {
  const largest = ['a', 'b', 'c'].map((name) => fieldOf(name, RECORD_BYTES));
  return [...largest, fieldOf('d', byteLength - 3 * RECORD_BYTES)];
}

const absent = { path: 'missing' };

/** 20 bytes are entry 17 with the heads of four byte strings, in place of the empty header. */
const carried = (byteLength: number): Buffer => {
  const made = ofBytes(RECORD_BYTES, fieldsOf(byteLength - RECORD_BYTES - 20)).view();
  if (made.length !== byteLength) throw new Error(`${made.length} bytes instead of ${byteLength}`);
  return made;
};

function sizes(): readonly ValidCase[] {
  const found = (comment: string, input: Members, status = 'absent'): ValidCase =>
    valid(comment, { ...input, ...absent }, { status });
  const four = norm(fieldsOf(DISCLOSED_BYTES));
  return [
    found('A record of 65536 bytes.', verifying(ofBytes(RECORD_BYTES).message), 'unknown'),
    found('Disclosures of 262144 bytes together, three of them of 65536 bytes.', beside(four, four.parts)),
    found('A record of 65536 bytes, of 327680 with its disclosures.', verifying(carried(CARRIED_BYTES))),
  ];
}

function badSizes(): readonly InvalidCase[] {
  const refused = (code: string, clause: string, comment: string, input: Members): InvalidCase =>
    invalid(code, clause, comment, { ...input, ...absent });
  const five = norm([...fieldsOf(DISCLOSED_BYTES - 10_000), fieldOf('e', 10_001)]);
  const one = norm([fieldOf('a', RECORD_BYTES + 1)]);
  return [
    refused(
      'record.too-large',
      '1.2',
      'A record of 65537 bytes.',
      verifying(ofBytes(RECORD_BYTES + 1).message),
    ),
    refused(
      'record.too-large',
      '1.2',
      'A record of 65536 bytes, of 327681 with its disclosures.',
      verifying(carried(CARRIED_BYTES + 1)),
    ),
    refused('record.too-large', '5.8', 'Disclosures of 262145 bytes together.', beside(five, five.parts)),
    refused('cbor.too-many-bytes', '1.3', 'A disclosure of 65537 bytes.', verifying(one.view())),
  ];
}

export function recordSizeVectors(): readonly VectorFile[] {
  return [
    { topic: 'record', name: 'sizes', op: 'record.lookup', grammar: RECORD_GRAMMAR, valid: sizes() },
    { topic: 'record', name: 'sizes', op: 'record.lookup', invalid: badSizes() },
  ];
}
