// record.verify: the worked examples of charter.md, record.md and record-types.md, as they are printed there.

import { readFileSync } from 'node:fs';
import { hex, type Item, Raw, record } from '../cbor-text.ts';
import { keyPair } from '../signing.ts';
import { arcadia } from '../states.ts';
import type { Json, ValidCase, VectorFile } from '../vector.ts';
import {
  type ExpectedPart,
  inheriting,
  keysOf,
  labelled,
  type Members,
  RECORD_GRAMMAR,
  valid,
  viewOf,
} from './inputs.ts';
import { disclosureOf, openLabel, type RecordText, restrictedLabel } from './text.ts';

/** The blocks of a chapter in which stands nothing but hex. */
function printed(chapter: string): readonly Buffer[] {
  const text = readFileSync(new URL(`../../../../protocol/${chapter}.md`, import.meta.url), 'utf8');
  return [...text.matchAll(/```\n([\s0-9a-f]+)```/g)].map(([, block = '']) =>
    Buffer.from(block.replaceAll(/\s/g, ''), 'hex'),
  );
}

/** The disclosures of record.md §0, by what they are of. */
const LABEL =
  'a501687861722d32303236026a726573747269637465640365414d42455205815820' +
  '1034dd826ac1701e753ca9a061dbbc1687fe80c6289e578222b0e9963812da280c1a746c2680';
const disclosed = (text: string) => disclosureOf(new Raw(text).bytes);
const kind = disclosed('83500303030303030303030303030303030382f669766f6c756e74617279646b696e64');
const whole = disclosed(`83500101010101010101010101010101010182${LABEL}f6676f766572616c6c`);
const title = disclosed(
  '83500202020202020202020202020202020282f6a162656e77486f73706974616c7320617265206e6f20746172676574657469746c65',
);
const provisions = disclosed(`83500b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b82f6
  84d83c58202fcb419d52b843ba1f4dd22f5e3fc8cee0fd7bb0f0c857cc1c0c49b400cb9c63
  d83c58209dbe6e25d4c41f624e9f32f3588579ad53212ac67eaece2086129aef8a6f5003
  d83c582070455155a8f0f55feb12ced6544dc8fdcc8314722deb1bad158d84bfafcda665
  d83c5820c441cab58b2732bfa598538d75e80dd7b00a9b39f41b67080648501d21a5d445
  6a70726f766973696f6e73`);
const provision = disclosed(
  `82500404040404040404040404040404040482${LABEL}a26269646270316474657874a162656e774e6f2061747461636b206f6e20686f73706974616c732e`,
);
const decoys = ['05', '06', '07'].map((salt) => disclosed(`8150${salt.repeat(16)}`));

const issuedAt = 1_795_514_400;
const keyId = keyPair(0x07).keyId;

function example(
  id: string,
  expected: {
    subject: string;
    undisclosed: number;
    parts: readonly ExpectedPart[];
    more?: Members;
    decoys?: typeof decoys;
  },
): Json {
  const named = { idText: id } as RecordText;
  return viewOf(named, { ...expected, issuedAtSeconds: issuedAt, keyId });
}

function examples(): readonly ValidCase[] {
  const [, certificate] = printed('charter');
  const [norm] = printed('record');
  const [retraction] = printed('record-types');
  if (certificate === undefined || norm === undefined || retraction === undefined)
    throw new Error('no example');
  const keys = keysOf(arcadia, [certificate]);
  const id = '5acf132451f08f656e8865f3f16127d85b427e13b968abee685f3ac90f0ad662';
  const subject = 'norm/hospitals';
  const shownTitle = inheriting(title, 'title', record({ en: 'Hospitals are no target' }));
  const withTitle = Buffer.concat([
    norm.subarray(0, 187),
    new Raw('a11181 5836').bytes,
    title.bytes,
    norm.subarray(188),
  ]);
  const text: Item = record({ id: 'p1', text: record({ en: 'No attack on hospitals.' }) });
  const [overallOfRetraction, action, reason] = [
    disclosed(
      '83500101010101010101010101010101010182a401687861722d32303236026c756e636c61737369666965640365475245454e058158201034dd826ac1701e753ca9a061dbbc1687fe80c6289e578222b0e9963812da28f6676f766572616c6c',
    ),
    disclosed('83500303030303030303030303030303030382f66963656173652d7573656f726571756573746564416374696f6e'),
    disclosed(
      '83500202020202020202020202020202020282f6a162656e78185265706c616365642062792061206e65772064726166742e66726561736f6e',
    ),
  ];
  return [
    valid(
      'record.md §0: the norm without disclosures.',
      { record: hex(norm), ...keys },
      example(id, { subject, undisclosed: 4, parts: [] }),
    ),
    valid(
      'record.md §0: the view that discloses the title, 525 bytes.',
      { record: hex(withTitle), ...keys },
      example(id, { subject, undisclosed: 3, parts: [shownTitle] }),
    ),
    valid(
      'record.md §0: everything that its issuer holds.',
      {
        record: hex(norm),
        ...keys,
        disclosures: [kind, whole, title, provisions, provision, ...decoys].map(({ bytes }) => hex(bytes)),
      },
      example(id, {
        subject,
        undisclosed: 0,
        parts: [
          shownTitle,
          inheriting(kind, 'kind', 'voluntary'),
          labelled(whole, 'overall', null, restrictedLabel),
          inheriting(provisions, 'provisions', new Raw(provisions.bytes.subarray(20, -11))),
          labelled(provision, 'provisions[3]', text, restrictedLabel),
        ],
        decoys,
      }),
    ),
    valid(
      'record-types.md §0: the retraction of this norm, with all parts.',
      { record: hex(retraction), ...keys },
      example('b97135072a4f11feca4231b33a87648417df738896ca6248d9627f87f32ab123', {
        subject: 'retraction/hospitals-1',
        undisclosed: 1,
        parts: [
          labelled(overallOfRetraction as typeof kind, 'overall', null, openLabel),
          inheriting(action as typeof kind, 'requestedAction', 'cease-use'),
          inheriting(reason as typeof kind, 'reason', record({ en: 'Replaced by a new draft.' })),
        ],
        more: { retracts: id },
      }),
    ),
  ];
}

export function recordExampleVectors(): readonly VectorFile[] {
  return [
    { topic: 'record', name: 'examples', op: 'record.verify', grammar: RECORD_GRAMMAR, valid: examples() },
  ];
}
