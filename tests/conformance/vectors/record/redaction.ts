// record.verify: digests in the payload and in what is disclosed (record.md 4.4 to 4.8).

import { filled, type Item, map, SIMPLE_59, Tag } from '../cbor-text.ts';
import { arcadia } from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';
import { inheriting, invalid, RECORD_GRAMMAR, valid, verifying, viewOf } from './inputs.ts';
import {
  type Changes,
  type Disclosure,
  decoy,
  digestList,
  element,
  field,
  type RecordText,
  Redacted,
  recordText,
  withheldElements,
} from './text.ts';

const subject = 'norm/redaction';

function norm(body: readonly Disclosure[] | Redacted): RecordText {
  return recordText({ issuer: arcadia, subject, body });
}

/** Fields in the clear and nothing else. */
const open = (...fields: Changes): RecordText => norm(new Redacted(map(...fields), []));

/** A map with anything under simple(59). */
const holding = (under: Item, ...beside: Changes): Item => map(...beside, [SIMPLE_59, under]);

const four: readonly Buffer[] = [1, 2, 3, 4].map((each) => filled(each));

function badDigests(): readonly InvalidCase[] {
  const refused = (code: string, clause: string, comment: string, text: RecordText): InvalidCase =>
    invalid(`record.${code}`, clause, comment, verifying(text.view()));
  const under = (code: string, clause: string, comment: string, item: Item): InvalidCase =>
    refused(code, clause, comment, norm(new Redacted(holding(item), [])));
  /** The same in the content of a part that is disclosed. */
  const inside = (code: string, clause: string, comment: string, item: Item): InvalidCase =>
    refused(code, clause, comment, norm([field('part', new Redacted(holding(item), []))]));
  const tagged = (count: number): Item =>
    Array.from({ length: count }, (_, index) => new Tag(60, filled(index + 1)));
  const [one, two, three, last] = four as [Buffer, Buffer, Buffer, Buffer];
  return [
    under('bad-digest-list', '4.4', 'A digest stands under simple(59), not an array of them.', one),
    under('bad-digest-list', '4.4', 'A map stands under simple(59).', map([1, one])),
    under('bad-digest-list', '4.4', 'null stands under simple(59).', null),
    under('bad-digest-list', '4.6', 'An empty array stands under simple(59).', []),
    inside('bad-digest-list', '4.6', 'In a disclosed part, an empty array stands under simple(59).', []),
    under('bad-digest', '4.4', 'A digest has 31 bytes.', [filled(1, 31), two, three, last]),
    under('bad-digest', '4.4', 'A digest has 33 bytes.', [one, two, three, filled(4, 33)]),
    under('bad-digest', '4.4', 'A digest is its hexadecimal text.', [one, two, three, '04'.repeat(32)]),
    inside('bad-digest', '4.4', 'In a disclosed part, a digest is null.', [one, two, three, null]),
    under('unsorted-digests', '4.4', 'Two digests are exchanged.', [one, three, two, last]),
    under('unsorted-digests', '4.4', 'The digests are in descending order.', [...four].reverse()),
    inside('unsorted-digests', '4.4', 'In a disclosed part, two digests are exchanged.', [
      two,
      one,
      three,
      last,
    ]),
    under('duplicate-digest', '4.4', 'A digest stands twice in a list.', [one, two, two, last]),
    inside('duplicate-digest', '4.4', 'In a disclosed part, a digest stands twice in a list.', [
      one,
      one,
      three,
      last,
    ]),
    under('unpadded-digests', '4.6', 'Three digests.', [one, two, three]),
    under('unpadded-digests', '4.6', 'Five digests.', [...four, filled(5)]),
    under('unpadded-digests', '4.6', 'One digest.', [one]),
    inside('unpadded-digests', '4.6', 'In a disclosed part, two digests.', [one, two]),
    refused('unpadded-digests', '4.6', 'An array with three elements withheld.', open(['list', tagged(3)])),
    refused(
      'unpadded-digests',
      '4.6',
      'An array with five elements withheld beside one in the clear.',
      open(['list', [1, ...(tagged(5) as Item[])]]),
    ),
    refused(
      'digest-placed-twice',
      '4.7',
      'One digest at the root and in a map in the clear.',
      norm(
        new Redacted(holding(four, ['inner', holding([one, ...[5, 6, 7].map((each) => filled(each))])]), []),
      ),
    ),
    refused(
      'digest-placed-twice',
      '4.7',
      'One digest for two elements of an array.',
      open(['list', [...(tagged(3) as Item[]), new Tag(60, one)]]),
    ),
    refused(
      'digest-placed-twice',
      '4.7',
      'The digests of one array in another one.',
      open(['a', tagged(4)], ['b', tagged(4)]),
    ),
    refused('digest-placed-twice', '4.7', 'A disclosed part holds a digest of the root.', twiceAcross()),
    refused(
      'digest-placed-twice',
      '4.7',
      'Two disclosed parts hold one digest.',
      norm([field('a', new Redacted(tagged(4), [])), field('b', new Redacted(tagged(4), []))]),
    ),
  ];
}

function twiceAcross(): RecordText {
  const other = decoy('across');
  const part = field(
    'part',
    new Redacted(holding(digestList([other, decoy('x'), decoy('y'), decoy('z')])), []),
  );
  return norm([part, other, decoy('v'), decoy('w')]);
}

function placements(): readonly ValidCase[] {
  const elements = [1, 2, 3, 4, 5, 6, 7, 8].map((each) => element(each));
  const list = withheldElements([0, ...elements.slice(0, 3), 'clear', ...elements.slice(3)]);
  const part = field('list', list);
  const text = norm([part]);
  const shown = [elements[0], elements[3], elements[7]] as readonly Disclosure[];
  return [
    valid(
      'Eight withheld elements of ten: positions count those in the clear and those withheld.',
      verifying(text.view([part, ...shown])),
      viewOf(text, {
        subject,
        undisclosed: 8,
        parts: [
          inheriting(part, 'list', list.item),
          inheriting(shown[0] as Disclosure, 'list[1]', 1),
          inheriting(shown[1] as Disclosure, 'list[5]', 4),
          inheriting(shown[2] as Disclosure, 'list[9]', 8),
        ],
      }),
    ),
  ];
}

export function recordRedactionVectors(): readonly VectorFile[] {
  return [
    { topic: 'record', name: 'digests', op: 'record.verify', grammar: RECORD_GRAMMAR, valid: placements() },
    { topic: 'record', name: 'digests', op: 'record.verify', invalid: badDigests() },
  ];
}
