// Items of a ledger: an entry, with the record and the disclosures that it names or bare (ledger.md §3, §4.4 to §4.6).

import { cbor, hex, record } from '../cbor-text.ts';
import {
  ascending,
  type Disclosure,
  decoy,
  element,
  field,
  label,
  openLabel,
  overall,
  type RecordText,
  recordText,
  restrictedLabel,
  withheldElements,
} from '../record/text.ts';
import { arcadia, BEGIN_SECONDS, borealis, NOW_SECONDS, type State } from '../states.ts';
import type { Json, ValidCase, ValidFile } from '../vector.ts';
import { entryItem } from './text.ts';

export type Members = { readonly [name: string]: Json };

/** A record with parts of which each case names some. */
export interface SampleNorm {
  readonly signed: RecordText;
  readonly whole: Disclosure;
  readonly title: Disclosure;
  readonly kind: Disclosure;
  readonly provisions: Disclosure;
  readonly provision: Disclosure;
  readonly decoy: Disclosure;
}

export function sampleNorm(issuer: State, issuedAtSeconds = NOW_SECONDS): SampleNorm {
  const whole = overall(restrictedLabel, 'ledger');
  const title = field('title', record({ en: 'Hospitals are no target' }));
  const kind = field('kind', 'voluntary');
  const provision = element(record({ id: 'p1', text: record({ en: 'No attack.' }) }), {
    label: restrictedLabel,
  });
  const provisions = field('provisions', withheldElements([provision]));
  const signed = recordText({
    issuer,
    subject: 'norm/hospitals',
    issuedAtSeconds,
    body: [whole, title, kind, provisions],
  });
  return { signed, whole, title, kind, provisions, provision, decoy: provisions.inner[1] as Disclosure };
}

/** The states whose keys the recipient knows. */
export function knowing(...states: readonly State[]): Members {
  return {
    charters: states.map(({ charter }) => hex(charter)),
    certificates: states.flatMap(({ certificates: { record: forRecords, log } }) =>
      [forRecords, log].map(hex),
    ),
  };
}

/** Both states known, a day after their documents begin. */
export const known: Members = { ...knowing(arcadia, borealis), atSeconds: NOW_SECONDS };

/** The entry that names these disclosures of a record. */
export function entryOf(
  { id }: Pick<RecordText, 'id'>,
  disclosures: readonly Disclosure[],
  mode = 'push',
): string {
  return hex(
    cbor(
      entryItem([
        [2, id],
        [3, ascending(disclosures).map(({ digest }) => digest)],
        [5, mode],
      ]),
    ),
  );
}

export const inHex = (disclosures: readonly Disclosure[]): readonly string[] =>
  disclosures.map(({ bytes }) => hex(bytes));
export const digestsOf = (disclosures: readonly Disclosure[]): readonly string[] =>
  ascending(disclosures).map(({ digest }) => hex(digest));

/** An item with these disclosures of a record, which its entry names. */
export function item(signed: RecordText, disclosures: readonly Disclosure[], changes: Members = {}): Members {
  return {
    entry: entryOf(signed, disclosures),
    record: hex(signed.message),
    disclosures: inHex(disclosures),
    ...known,
    ...changes,
  };
}

/** Two fields of one name: each can be disclosed, and not both. */
const one = field('title', record({ en: 'One' }));
const other = field('title', record({ en: 'Other' }));
export const twoTitles = {
  signed: recordText({
    issuer: arcadia,
    subject: 'norm/two-titles',
    body: [overall(openLabel, 'two'), one, other],
  }),
  one,
  other,
};

/** An overall label that is below that of a part. */
const low = overall(openLabel, 'low');
const high = field('title', record({ en: 'High' }), { label: restrictedLabel });
export const lowOverall = {
  signed: recordText({ issuer: arcadia, subject: 'norm/low-overall', body: [low, high] }),
  low,
  high,
};

/** A record of Borealis, labelled in its scheme. */
const foreignTitle = field('title', record({ en: 'From the north' }));
const foreignLabel = label('open', 'GREEN', [
  [1, 'xbo-2026'],
  [5, [arcadia.id]],
]);
const foreign = recordText({
  issuer: borealis,
  subject: 'norm/north',
  envelope: foreignLabel,
  body: [overall(foreignLabel, 'north'), foreignTitle],
});

export function itemsFile(): ValidFile {
  const norm = sampleNorm(arcadia);
  const { signed, whole, title, kind, provisions, provision } = norm;
  const all = [whole, title, kind, provisions, provision];
  const early = sampleNorm(arcadia, BEGIN_SECONDS);
  return {
    topic: 'ledger',
    name: 'items',
    op: 'ledger.item',
    grammar: { entry: 'ledger-entry', record: 'record' },
    valid: [
      opened('a record with all its parts', signed, all),
      opened('a record of which only the title is released', signed, [title]),
      opened('a part within a part, with the one that it stands in', signed, [provisions, provision]),
      opened('a record without a disclosure', signed, []),
      opened(
        'disclosures in descending order of their digests',
        signed,
        [...ascending(all)].reverse(),
        {},
        all,
      ),
      opened('a decoy that the entry names: the sender should not, but the form admits it', signed, [
        provisions,
        norm.decoy,
      ]),
      opened('disclosures inside the record, which are not looked at', signed, [title], {
        record: hex(signed.view([kind, provisions])),
      }),
      opened('a disclosure inside the record that belongs to another one', signed, [title], {
        record: hex(signed.view([decoy('elsewhere')])),
      }),
      opened('the record of another state, handed on', foreign, [foreignTitle], {
        entry: entryOf(foreign, [foreignTitle], 'relay'),
      }),
      opened('known only by its issuer', signed, [title], knowing(arcadia)),
      opened('issued in the first second of its key', early.signed, [early.title]),
      opened('300 seconds ahead of the recipient', signed, [title], { atSeconds: NOW_SECONDS - 300 }),
      ...bareItems(norm),
      ...held(norm),
    ],
  };
}

function opened(
  comment: string,
  signed: RecordText,
  disclosures: readonly Disclosure[],
  changes: Members = {},
  expected = disclosures,
): ValidCase {
  return {
    comment,
    in: item(signed, disclosures, changes),
    out: { recordId: signed.idText, bare: false, digests: digestsOf(expected) },
  };
}

function bareItems({ signed, title }: SampleNorm): readonly ValidCase[] {
  const bare = { entry: entryOf(signed, [title]), disclosures: [] };
  const out = { recordId: signed.idText, bare: true, digests: [] };
  return [
    { comment: 'a bare item', in: { ...bare, ...known }, out },
    {
      comment: 'a bare item, of a state that is not known',
      in: { ...bare, ...knowing(), atSeconds: 0 },
      out,
    },
    {
      comment: 'a bare item whose entry names no disclosure',
      in: { ...bare, ...known, entry: entryOf(signed, []) },
      out,
    },
  ];
}

function held({ signed, whole, title, kind, provisions, provision }: SampleNorm): readonly ValidCase[] {
  const withHeld = (
    comment: string,
    came: readonly Disclosure[],
    before: readonly Disclosure[],
    both: readonly Disclosure[],
  ): ValidCase => opened(comment, signed, came, { held: inHex(before) }, both);
  return [
    withHeld('what came and what is held have nothing in common', [title], [kind], [title, kind]),
    withHeld('what came is held already', [title], [title, kind], [title, kind]),
    withHeld('what is held came again, with more', [whole, title, kind], [title], [whole, title, kind]),
    withHeld('nothing is held but the record', [title], [], [title]),
    withHeld('nothing came but the record', [], [title], [title]),
    withHeld('parts of one part from both', [provisions, provision], [provisions], [provisions, provision]),
    {
      comment: 'one of two fields of one name',
      in: item(twoTitles.signed, [twoTitles.one]),
      out: { recordId: twoTitles.signed.idText, bare: false, digests: digestsOf([twoTitles.one]) },
    },
    {
      comment: 'a part above the overall label, which is not disclosed',
      in: item(lowOverall.signed, [lowOverall.high]),
      out: { recordId: lowOverall.signed.idText, bare: false, digests: digestsOf([lowOverall.high]) },
    },
  ];
}
