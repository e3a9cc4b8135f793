// record.narrow and record.merge (record.md 7.4, 7.6).

import { filled, hex, type Item, Tag } from '../cbor-text.ts';
import { arcadia } from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';
import { elementDecoys, incident, parts } from './incident.ts';
import { digestsOf, invalid, keysOf, type Members, RECORD_GRAMMAR, valid, verifying } from './inputs.ts';
import {
  carrying,
  type Disclosure,
  field,
  label,
  openLabel,
  overall,
  type RecordText,
  Redacted,
  recordText,
  restrictedLabel,
} from './text.ts';

const every = incident.parts;
const result = (text: RecordText, shown: readonly Disclosure[]): Members => ({
  id: text.idText,
  view: hex(text.view(shown)),
});

function narrowing(shown: readonly Disclosure[], digests: readonly string[]): Members {
  return verifying(incident.view(shown), { digests });
}

function narrowed(): readonly ValidCase[] {
  const { victim, contact, phone, indicators, second, title } = parts;
  const kept = (comment: string, shown: readonly Disclosure[], keep: readonly Disclosure[]): ValidCase =>
    valid(comment, narrowing(shown, digestsOf(keep)), result(incident, keep));
  const descending = [...digestsOf([victim, contact, phone])].reverse();
  return [
    kept('Nothing is kept: the unprotected header is empty.', every, []),
    kept('One part is kept.', every, [title]),
    kept('A part is kept with all that it stands in.', every, [victim, contact, phone]),
    kept('Parts of two branches are kept.', every, [title, indicators, second]),
    kept('Everything is kept.', every, every),
    kept('Decoys that are disclosed are not kept.', [...every, ...incident.decoys], every),
    kept('Nothing of a view that shows nothing.', [], []),
    valid(
      'Digests in descending order, one of them twice: they are a set.',
      narrowing(every, [...descending, ...descending.slice(0, 1)]),
      result(incident, [victim, contact, phone]),
    ),
    valid(
      'Disclosures that stood in entry 17 in another order come out in the order of their digests.',
      verifying(
        carrying(
          incident,
          every.map(({ bytes }) => bytes),
        ),
        { digests: digestsOf(every) },
      ),
      result(incident, every),
    ),
  ];
}

function badNarrowings(): readonly InvalidCase[] {
  const { victim, contact, phone, indicators, second, title } = parts;
  const refused = (
    code: string,
    comment: string,
    shown: readonly Disclosure[],
    digests: readonly string[],
  ): InvalidCase => invalid(`record.${code}`, '7.4', comment, narrowing(shown, digests));
  return [
    refused('unknown-digest', 'A digest that stands nowhere.', every, [
      hex(filled(0xab)),
      ...digestsOf([title]),
    ]),
    refused('unknown-digest', 'A part that the view does not show.', [title], digestsOf([title, victim])),
    refused(
      'unknown-digest',
      'A decoy that the view shows.',
      [...every, ...elementDecoys],
      digestsOf([indicators, ...elementDecoys]),
    ),
    refused('unknown-digest', 'A digest without its last byte.', every, [hex(title.digest.subarray(0, 31))]),
    refused('ancestor-withheld', 'A part without the part that it stands in.', every, digestsOf([contact])),
    refused(
      'ancestor-withheld',
      'A part without the outermost of the two that it stands in.',
      every,
      digestsOf([contact, phone]),
    ),
    refused(
      'ancestor-withheld',
      'A part without the innermost of the two that it stands in.',
      every,
      digestsOf([victim, phone]),
    ),
    refused(
      'ancestor-withheld',
      'An element without its array, beside a part that is complete.',
      every,
      digestsOf([title, second]),
    ),
  ];
}

function merging(...views: readonly Uint8Array[]): Members {
  return { views: views.map(hex), ...keysOf(arcadia) };
}

function merged(): readonly ValidCase[] {
  const { victim, contact, phone, name, indicators, title, whole } = parts;
  const united = (comment: string, ...shown: readonly (readonly Disclosure[])[]): ValidCase =>
    valid(
      comment,
      merging(...shown.map((each) => incident.view(each))),
      result(incident, [...new Set(shown.flat())]),
    );
  return [
    united('One view alone.', [title]),
    united('A view and one that shows nothing.', [title], []),
    united('Two views without a part in common.', [title, whole], [victim, name]),
    united('The same two in the opposite order.', [victim, name], [title, whole]),
    united('A view with itself.', [victim, contact], [victim, contact]),
    united('Two views that have an outer part in common.', [victim, name], [victim, contact, phone]),
    united('A view and a narrower one.', every, [title]),
    united('Three views.', [title], [whole], [indicators]),
    united(
      'Views with decoys: they are united like parts.',
      [indicators, ...elementDecoys.slice(0, 1)],
      [indicators, ...elementDecoys],
    ),
  ];
}

const subject = 'norm/merge';
const norm = (body: readonly Disclosure[]): RecordText => recordText({ issuer: arcadia, subject, body });

function badMerges(): readonly InvalidCase[] {
  const refused = (
    code: string,
    clause: string,
    comment: string,
    ...views: readonly Uint8Array[]
  ): InvalidCase => invalid(`record.${code}`, clause, comment, merging(...views));
  /** Two parts of a record, each good alone. */
  const pair = (code: string, clause: string, comment: string, a: Disclosure, b: Disclosure): InvalidCase => {
    const text = norm([a, b]);
    return refused(code, clause, comment, text.view([a]), text.view([b]));
  };
  const again = recordText({ issuer: arcadia, subject, issuedAtSeconds: 1_795_514_401 });
  const tagged: Item = [1, 2, 3, 4].map((each) => new Tag(60, filled(each)));
  const quarter = (name: string): Disclosure => field(name, Buffer.alloc(65_480));
  const [a, b, c, d] = [quarter('a'), quarter('b'), quarter('c'), quarter('d')];
  const rest = field('rest', Buffer.alloc(300));
  const large = norm([a, b, c, d, rest]);
  return [
    refused(
      'different-records',
      '7.4',
      'Views of two records.',
      incident.view([parts.title]),
      norm([overall(openLabel)]).message,
    ),
    refused(
      'different-records',
      '7.4',
      'Two issues of one content, a second apart.',
      recordText({ issuer: arcadia, subject }).message,
      again.message,
    ),
    refused(
      'different-records',
      '7.4',
      'The third view is of another record.',
      incident.view([parts.title]),
      incident.message,
      again.message,
    ),
    pair(
      'key-present',
      '5.7',
      'Two fields with one name, one in each view.',
      field('kind', 'treaty'),
      field('kind', 'voluntary'),
    ),
    pair(
      'label-below-part',
      '6.5',
      'The overall label in one view, a part above it in the other.',
      overall(restrictedLabel),
      field('kind', 'treaty', { label: label('secret', 'RED') }),
    ),
    pair(
      'digest-placed-twice',
      '4.7',
      'Two parts that hold one digest, one in each view.',
      field('x', new Redacted(tagged, [])),
      field('y', new Redacted(tagged, [])),
    ),
    refused(
      'too-large',
      '5.8',
      'Two views with disclosures of more than 262144 bytes together.',
      large.view([a, b]),
      large.view([c, d, rest]),
    ),
    refused(
      'orphan-disclosure',
      '5.6',
      'A view with a part whose outer part is in the other view only: each view is opened by itself.',
      incident.view([parts.victim]),
      incident.view([parts.name]),
    ),
  ];
}

export function recordSelectionVectors(): readonly VectorFile[] {
  return [
    {
      topic: 'record',
      name: 'narrowing',
      op: 'record.narrow',
      grammar: { ...RECORD_GRAMMAR, 'out.view': 'record' },
      valid: narrowed(),
    },
    { topic: 'record', name: 'narrowing', op: 'record.narrow', invalid: badNarrowings() },
    {
      topic: 'record',
      name: 'merging',
      op: 'record.merge',
      grammar: { charter: 'charter', certificates: 'key-certificate', views: 'record', 'out.view': 'record' },
      valid: merged(),
    },
    { topic: 'record', name: 'merging', op: 'record.merge', invalid: badMerges() },
  ];
}
