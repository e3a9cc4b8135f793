// record.verify: how many items, levels, digests, disclosures and steps, at the limit and one beyond (record.md 1.3, 1.5,
// 4.8, 4.9, 5.8).

import { type Item, map } from '../cbor-text.ts';
import { arcadia } from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';
import {
  beside,
  inheriting,
  invalid,
  type Members,
  RECORD_GRAMMAR,
  valid,
  verifying,
  viewOf,
} from './inputs.ts';
import {
  carrying,
  type Disclosure,
  decoy,
  element,
  field,
  type RecordText,
  Redacted,
  recordText,
  withheldElements,
  withheldFields,
} from './text.ts';

const subject = 'norm/limits';

function norm(body: readonly Disclosure[] | Redacted): RecordText {
  return recordText({ issuer: arcadia, subject, body });
}

const open = (content: Item): RecordText => norm(new Redacted(map(['list', content]), []));
const nulls = (count: number): Item => Array.from({ length: count }, () => null);
const nested = (depth: number, inner: Item = 0): Item => (depth === 0 ? inner : [nested(depth - 1, inner)]);
const decoys = (count: number): readonly Disclosure[] =>
  Array.from({ length: count }, (_, index) => decoy(`${index}`));

/** Beside the content of `list` a payload has 15 items, version and label among them, and a disclosure 5. */
const ITEMS = 4_096;
/** The content of `list` stands in one map in a payload, and in two arrays in a disclosure. */
const DEPTH = 16;

function itemsAndLevels(): readonly ValidCase[] {
  const inPayload = (comment: string, content: Item): ValidCase => {
    const text = open(content);
    return valid(
      comment,
      verifying(text.message),
      viewOf(text, { subject, undisclosed: 0, fields: { list: content } }),
    );
  };
  const inPart = (comment: string, content: Item): ValidCase => {
    const part = field('list', content);
    const text = norm([part]);
    return valid(
      comment,
      verifying(text.view()),
      viewOf(text, { subject, undisclosed: 3, parts: [inheriting(part, 'list', content)] }),
    );
  };
  return [
    inPayload('A payload of 4096 items.', nulls(ITEMS - 15 - 1)),
    inPayload('A payload of depth 16.', nested(DEPTH - 1)),
    inPart('A disclosure of 4096 items.', nulls(ITEMS - 5 - 1)),
    inPart('A disclosure of depth 16.', nested(DEPTH - 2)),
  ];
}

function badItemsAndLevels(): readonly InvalidCase[] {
  const refused = (code: string, comment: string, text: RecordText): InvalidCase =>
    invalid(`cbor.${code}`, '1.3', comment, verifying(text.view()));
  return [
    refused('too-many-items', 'A payload of 4097 items.', open(nulls(ITEMS - 15))),
    refused('too-deep', 'A payload of depth 17.', open(nested(DEPTH))),
    refused('too-many-items', 'A disclosure of 4097 items.', norm([field('list', nulls(ITEMS - 5))])),
    refused('too-deep', 'A disclosure of depth 17.', norm([field('list', nested(DEPTH - 1))])),
  ];
}

function digestCounts(): readonly ValidCase[] {
  const full = norm(decoys(512));
  const part = field('part', withheldElements([]));
  const across = norm([part, ...decoys(507)]);
  return [
    valid(
      '512 digests in the payload.',
      verifying(full.message),
      viewOf(full, { subject, undisclosed: 512 }),
    ),
    valid(
      '512 disclosures, all of decoys.',
      verifying(full.view(full.decoys)),
      viewOf(full, { subject, undisclosed: 0, decoys: full.decoys }),
    ),
    valid(
      '508 digests in the payload and 4 in a part that is disclosed.',
      verifying(across.view([part])),
      viewOf(across, {
        subject,
        undisclosed: 511,
        parts: [inheriting(part, 'part', withheldElements([]).item)],
      }),
    ),
  ];
}

function badDigestCounts(): readonly InvalidCase[] {
  const refused = (clause: string, comment: string, input: Members): InvalidCase =>
    invalid('record.too-many-disclosures', clause, comment, input);
  const tooMany = (comment: string, record: Uint8Array): InvalidCase =>
    invalid('record.too-many-digests', '4.8', comment, verifying(record));
  const full = norm(decoys(512));
  const one = decoy('one too many');
  const bytesOf = (disclosures: readonly Disclosure[]): Buffer[] => disclosures.map(({ bytes }) => bytes);
  const part = field('part', withheldElements([], 'fifth'));
  const other = field('other', withheldElements([], 'ninth'));
  return [
    tooMany('516 digests in the payload.', norm(decoys(516)).message),
    tooMany(
      '512 digests in the payload and 4 in a part that is disclosed.',
      norm([part, ...decoys(511)]).view([part]),
    ),
    tooMany(
      '508 digests in the payload and 4 in each of two parts that are disclosed.',
      norm([part, other, ...decoys(506)]).view([part, other]),
    ),
    refused(
      '1.5',
      'Entry 17 has 513 disclosures.',
      verifying(carrying(full, bytesOf([...full.decoys, one]))),
    ),
    refused('5.8', '513 disclosures stand beside the record.', beside(full, [...full.decoys, one])),
    refused(
      '5.8',
      '512 disclosures in entry 17 and one beside the record.',
      verifying(full.view(full.decoys), { disclosures: [one.bytes.toString('hex')] }),
    ),
  ];
}

/** Parts in each other, each a field `a` of the one before it; the innermost has this content. The outermost comes first. */
function chain(steps: number, content: Item | Redacted): readonly Disclosure[] {
  const parts = [field('a', content)];
  while (parts.length < steps) parts.unshift(field('a', withheldFields([parts[0] as Disclosure])));
  return parts;
}

function steps(): readonly ValidCase[] {
  const parts = chain(16, 'sixteen steps');
  const text = norm([parts[0] as Disclosure]);
  const contents = parts.map((_, index) =>
    index === 15 ? 'sixteen steps' : withheldFields([parts[index + 1] as Disclosure]).item,
  );
  const deep = element('sixteen steps');
  const list = withheldElements([deep]);
  const inClear = open(nested(14, list.item));
  return [
    valid(
      'A part 16 steps below the root, with all that it stands in.',
      verifying(text.view()),
      viewOf(text, {
        subject,
        undisclosed: 16 * 3,
        parts: parts.map((part, index) =>
          inheriting(part, Array.from({ length: index + 1 }, () => 'a').join('.'), contents[index] as Item),
        ),
      }),
    ),
    valid(
      'An element 16 steps below the root, arrays in the clear around it.',
      verifying(inClear.view([deep])),
      viewOf(inClear, {
        subject,
        undisclosed: 3,
        fields: { list: nested(14, list.item) },
        parts: [inheriting(deep, `list${'[0]'.repeat(15)}`, 'sixteen steps')],
      }),
    ),
  ];
}

function tooManySteps(): readonly InvalidCase[] {
  const refused = (comment: string, parts: readonly Disclosure[]): InvalidCase =>
    invalid('record.too-deep', '4.9', comment, verifying(norm([parts[0] as Disclosure]).view(parts)));
  return [
    refused('A part 17 steps below the root.', chain(17, 'seventeen steps')),
    refused('Digests 17 steps below the root, none of them disclosed.', chain(16, withheldFields([]))),
    refused('Elements 17 steps below the root, none of them disclosed.', chain(16, withheldElements([]))),
    refused(
      'Digests 18 steps below the root, maps in the clear around them.',
      chain(14, new Redacted(map(['b', map(['c', map(['d', withheldFields([]).item])])]), [])),
    ),
  ];
}

export function recordLimitVectors(): readonly VectorFile[] {
  return [
    {
      topic: 'record',
      name: 'limits',
      op: 'record.verify',
      grammar: RECORD_GRAMMAR,
      valid: [...itemsAndLevels(), ...digestCounts(), ...steps()],
    },
    {
      topic: 'record',
      name: 'limits',
      op: 'record.verify',
      invalid: [...badItemsAndLevels(), ...badDigestCounts(), ...tooManySteps()],
    },
  ];
}
