// Invalid vectors of charter.md §5: recognitions between which there is no equivalence.

import { cbor, hex, record } from '../cbor-text.ts';
import { levelMap } from '../label/forms.ts';
import { recognitionPayload, type State, typ } from '../states.ts';
import type { InvalidCase, VectorFile } from '../vector.ts';
import { ALBA, alba, BELA, bela, cora, recognitionOf, SAME } from './equivalence.ts';
import { framed, keyNamed, signatureBy } from './forms.ts';

const own = recognitionOf(alba, bela, SAME);
const other = recognitionOf(bela, alba, SAME);
const wrong = (
  code: string,
  clause: string,
  comment: string,
  changes: {
    readonly own?: Uint8Array;
    readonly other?: Uint8Array;
    readonly issuer?: State;
    readonly subject?: State;
  },
): InvalidCase => ({
  comment,
  in: {
    own: hex(changes.own ?? own),
    other: hex(changes.other ?? other),
    issuer: hex((changes.issuer ?? ALBA).charter),
    subject: hex((changes.subject ?? BELA).charter),
  },
  code,
  clause,
});
const raised = recognitionPayload(BELA, ALBA, [['ceiling', 'b2']]);

const REFUSED: readonly InvalidCase[] = [
  wrong('identity.recognitions-unrelated', '5.6', 'the other recognises a third state', {
    other: recognitionOf(bela, cora, SAME),
  }),
  wrong('identity.wrong-issuer', '4.2', 'the other recognition is by a third state', {
    other: recognitionOf(cora, alba, SAME),
  }),
  wrong('identity.wrong-issuer', '4.2', 'the own recognition twice', { other: own }),
  wrong('identity.wrong-issuer', '4.2', 'the two recognitions change places', { own: other, other: own }),
  wrong('identity.wrong-subject', '4.4', 'the own recognition is of a third state', {
    own: recognitionOf(alba, cora, SAME),
  }),
  wrong('label.unknown-map-level', 'label 8.2', 'the own map names a level that the subject does not have', {
    own: recognitionOf(alba, bela, { out: '0>7', in: '' }),
  }),
  wrong('label.map-not-monotone', 'label 8.3', 'the own map is not monotone', {
    own: recognitionOf(alba, bela, { out: '0>1 1>0', in: '' }),
  }),
  wrong('identity.unknown-level', '4.6', 'the other maps a level that its own scheme does not have', {
    other: recognitionOf(bela, alba, { out: '7>0', in: '' }),
  }),
  wrong(
    'identity.scheme-mismatch',
    '4.6',
    'the two maps of the other are not of one scheme on the other side',
    {
      other: recognitionOf(bela, alba, SAME, [['out', levelMap('scheme-b', 'scheme-c', record({}))]]),
    },
  ),
  wrong('identity.forged', '1.2', 'the other recognition was changed after it was signed', {
    other: framed(typ('recognition'), cbor(raised), [
      signatureBy(keyNamed('bela'), typ('recognition'), cbor(recognitionPayload(BELA, ALBA))),
    ]),
  }),
];

export const equivalencesRefused: VectorFile = {
  topic: 'charter',
  name: 'equivalences',
  op: 'equivalence.agree',
  invalid: REFUSED,
};
