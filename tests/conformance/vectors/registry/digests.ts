// registry.digest: which records say something of which subject, and the digests of it (registry.md §2, §3).

import { hex, sha256 } from '../cbor-text.ts';
import { invalid, valid } from '../record/inputs.ts';
import { type Disclosure, field, type RecordText } from '../record/text.ts';
import { whole } from '../record-types/norm-inputs.ts';
import {
  commitment,
  day,
  english,
  issued,
  norm,
  type Options,
  retraction,
  STATES,
} from '../record-types/norm-records.ts';
import { arcadia, borealis, type State } from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';

/** A record, and the subjects that it says something of. */
interface Said {
  readonly of: RecordText;
  readonly subjects: readonly string[];
}

function said(by: State, subject: string, of: RecordText, ...more: readonly string[]): Said {
  return { of, subjects: [`subject ${by.idText} ${subject}`, ...more] };
}

const spoken = (type: string, id: string, fields: readonly Disclosure[], ...more: readonly string[]): Said =>
  said(arcadia, `${type}/${id}`, issued(type, fields, { subject: id }), ...more);

function committed(about: RecordText | string, act: string, id: string, ...more: readonly string[]): Said {
  const options: Options = { by: borealis, subject: id };
  return said(borealis, `commitment/${id}`, commitment(about, act, {}, options), ...more);
}

const base = norm({ threshold: 1 });
const treaty = said(arcadia, 'norm/treaty', base, 'norm norm/treaty');
const again = said(
  ...([arcadia, 'norm/treaty'] as const),
  norm({ threshold: 2 }, { atSeconds: day(3), payload: [[4, [base.id]]] }),
  ...['norm norm/treaty', `record ${base.idText}`],
);
const ratified = committed(base, 'ratify', 'c-1', `norm ${base.idText}`);
const signed = committed('norm/treaty', 'sign', 'c-2', 'norm norm/treaty');
const refused = committed('norm/treaty', 'withdraw', 'c-2', 'norm norm/treaty');
const undone = said(
  ...([borealis, `retraction/r-${ratified.of.idText.slice(0, 16)}`] as const),
  retraction(ratified.of, { by: borealis, atSeconds: day(2) }),
  `record ${ratified.of.idText}`,
);
const reviewed = spoken('review', base.idText, [field('status', 'open')], `record ${base.idText}`);
const aboutNothing = spoken('review', 'treaty', [field('status', 'open')]);
const asked = spoken('clarification', 'q-1', [
  field('kind', 'question'),
  field('text', english('Was that yours?')),
]);
const answered = spoken(
  'clarification',
  'q-2',
  [field('kind', 'answer'), field('inReplyTo', asked.of.idText)],
  `record ${asked.of.idText}`,
);
const claimed = spoken(
  'implementation',
  'i-1',
  [field('of', borealis.idText), field('norm', 'norm/treaty')],
  ...[`state ${borealis.idText}`, 'norm norm/treaty'],
);
const granted = spoken('release-grant', 'g-1', [field('record', base.idText)], `record ${base.idText}`);
const foreign = spoken('weather', 'w-1', [field('norm', 'norm/treaty')]);
const malformed = spoken('implementation', 'i-2', [field('of', 7)]);

/** The parts that are not fields of these names: a disclosure ends with the name. */
function partsWithout(of: RecordText, names: readonly string[]): readonly Disclosure[] {
  const isNamed = ({ bytes }: Disclosure, name: string): boolean =>
    bytes.subarray(-name.length).equals(Buffer.from(name));
  return of.parts.filter((part) => !names.some((name) => isNamed(part, name)));
}

interface Held extends Said {
  readonly views: readonly Buffer[];
  readonly parts: readonly Disclosure[];
}

const held = (each: Said, parts: readonly Disclosure[] = each.of.parts): Held => ({
  ...each,
  parts,
  views: [each.of.view(parts)],
});

function digestCase(comment: string, records: readonly Held[]): ValidCase {
  const folds = new Map<string, (readonly [Buffer, Buffer])[]>();
  for (const { of, subjects, parts } of records) {
    const shown = sha256(Buffer.concat(parts.map(({ digest }) => digest).toSorted(Buffer.compare)));
    for (const subject of subjects) {
      const key = hex(sha256(Buffer.from(subject)));
      folds.set(key, [...(folds.get(key) ?? []), [of.id, shown]]);
    }
  }
  const subjects = [...folds]
    .map(([key, entries]) => ({ key, digest: mapDigest(entries) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return valid(comment, input(records.flatMap(({ views }) => views)), {
    records: records.length,
    digest: hex(mapDigest(subjects.map(({ key, digest }) => [Buffer.from(key, 'hex'), digest]))),
    subjects: subjects.map(({ key, digest }) => ({ key, digest: hex(digest) })),
  });
}

function input(views: readonly Uint8Array[]): ValidCase['in'] {
  return {
    views: views.map(hex),
    charters: STATES.map(({ charter }) => hex(charter)),
    certificates: STATES.map(({ certificates }) => hex(certificates.record)),
  };
}

/** 3.3, with the keys as texts of bits. */
function mapDigest(entries: readonly (readonly [Buffer, Buffer])[], prefix = ''): Buffer {
  const bits = (key: Buffer): string => [...key].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const under = entries.filter(([key]) => bits(key).startsWith(prefix));
  const [first] = under;
  if (first === undefined) return Buffer.alloc(32);
  if (under.length === 1) return sha256(Buffer.concat([Buffer.of(0), ...first]));
  const halves = ['0', '1'].map((bit) => mapDigest(under, prefix + bit));
  return sha256(Buffer.concat([Buffer.of(1), ...halves]));
}

const all = [
  ...[treaty, again, ratified, signed, refused, undone, reviewed, aboutNothing],
  ...[asked, answered, claimed, granted, foreign, malformed],
];

function digests(): readonly ValidCase[] {
  const pieces = ratified.of.parts.map((part) => ratified.of.view([part]));
  return [
    digestCase('Nothing is held.', []),
    digestCase('One record: of no more than one entry the digest is that of the entry.', [held(asked)]),
    digestCase('A norm says something of itself by its subject.', [held(treaty)]),
    digestCase('Two statements of one second that exclude each other are both in it.', [
      held(signed),
      held(refused),
    ]),
    digestCase('A commitment that is retracted stays, and so does a norm that is superseded.', [
      ...[treaty, again, ratified, undone].map((each) => held(each)),
    ]),
    digestCase(
      'All that there is, by whomever.',
      all.map((each) => held(each)),
    ),
    digestCase(
      'In another order.',
      all.toReversed().map((each) => held(each)),
    ),
    digestCase('In pieces, and one of them twice.', [
      held(treaty),
      { ...held(ratified), views: [...pieces, pieces[0] as Buffer] },
    ]),
    digestCase('Decoys are no parts: the issuer holds no more than a recipient of everything.', [
      { ...held(treaty), views: [whole(treaty.of)] },
    ]),
    digestCase('A commitment that does not show its norm is found under ?.', [
      {
        ...held(ratified, partsWithout(ratified.of, ['norm'])),
        subjects: [ratified.subjects[0] as string, 'norm ?'],
      },
    ]),
    digestCase('An answer that does not show its question is found by its subject alone.', [
      {
        ...held(answered, partsWithout(answered.of, ['inReplyTo'])),
        subjects: [answered.subjects[0] as string],
      },
    ]),
  ];
}

function refusals(): readonly InvalidCase[] {
  const changed = Buffer.from(asked.of.view());
  changed[changed.length - 1] = (changed.at(-1) as number) ^ 1;
  const comment = 'A bit of the signature of one record is changed.';
  return [invalid('ed25519.bad-signature', 'keys 2.5', comment, input([treaty.of.view(), changed]))];
}

export function digestVectors(): readonly VectorFile[] {
  const file = { topic: 'registry', op: 'registry.digest' };
  return [
    { ...file, name: 'digest', valid: digests() },
    { ...file, name: 'digest-refused', invalid: refusals() },
  ];
}
