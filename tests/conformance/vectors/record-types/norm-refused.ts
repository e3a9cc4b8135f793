// norm.status: records that are refused, among others that are good (record-types.md 10.2).

import { hex, type Item } from '../cbor-text.ts';
import { invalid } from '../record/inputs.ts';
import { field, type RecordText } from '../record/text.ts';
import { arcadia, BEGIN_SECONDS, borealis, END_SECONDS } from '../states.ts';
import type { InvalidCase, VectorFile } from '../vector.ts';
import { statusInput, whole } from './norm-inputs.ts';
import { caldera, commitment, day, endorsed, issued, retraction, voluntary } from './norm-records.ts';

function refused(): readonly InvalidCase[] {
  const beside = (
    code: string,
    clause: string,
    comment: string,
    commitments: readonly (RecordText | Uint8Array)[],
  ): InvalidCase =>
    invalid(
      code,
      clause,
      comment,
      statusInput({ norm: voluntary, commitments: [endorsed, ...commitments], atSeconds: day(9) }),
    );
  const forged = commitment(voluntary, 'endorse', {}, { by: borealis });
  const changed = Buffer.from(whole(forged));
  changed[changed.length - 1] = (changed.at(-1) as number) ^ 1;
  const foreign = endorsed.parts.filter(({ bytes }) => bytes.includes('endorse'));
  const early = commitment(voluntary, 'endorse', {}, { atSeconds: BEGIN_SECONDS - 1 });
  const late = commitment(voluntary, 'endorse', {}, { atSeconds: END_SECONDS });
  const unknown = commitment(voluntary, 'endorse', {}, { by: caldera });
  const acts = ['endorse', 'national-position'].map((act) => field('act', act as Item));
  const twofold = issued('commitment', [field('norm', voluntary.idText), ...acts], { subject: 'twofold' });
  const target = field('norm', voluntary.idText).bytes.subarray(-8);
  const views = acts.map((act) =>
    twofold.view(
      twofold.parts.filter(({ bytes }) => bytes.subarray(-8).equals(target) || bytes.equals(act.bytes)),
    ),
  );
  return [
    beside('ed25519.bad-signature', 'keys 2.5', 'A bit of the signature of one commitment is changed.', [
      changed,
    ]),
    beside('record.orphan-disclosure', 'record 5.6', 'A commitment comes with a disclosure of another one.', [
      forged.view([...forged.parts, ...foreign]),
    ]),
    beside(
      'record.key-present',
      'record 5.7',
      'Two views of one commitment disclose two acts of it, each one.',
      views,
    ),
    beside(
      'identity.not-yet-valid',
      'charter 6.6',
      'A commitment was issued before the certificate of its key begins.',
      [early],
    ),
    beside(
      'identity.expired',
      'charter 6.6',
      'A commitment was issued when the certificate of its key had ended, also where that is after the time of the status.',
      [late],
    ),
    invalid(
      'identity.unknown-key',
      'charter 6.6',
      'The key of a state is not known that has retracted something.',
      statusInput({
        norm: voluntary,
        retractions: [retraction(unknown, { by: caldera })],
        atSeconds: day(9),
        states: [arcadia, borealis],
      }),
    ),
    invalid(
      'record.retracts-missing',
      'record 3.5',
      'A retraction that withdraws nothing.',
      statusInput({
        norm: voluntary,
        retractions: [issued('retraction', [field('requestedAction', 'none')])],
        atSeconds: day(9),
      }),
    ),
    invalid('identity.unknown-key', 'charter 6.6', 'The key that has signed the norm is not known.', {
      ...statusInput({ norm: voluntary, atSeconds: day(9), states: [borealis] }),
      commitments: [hex(whole(forged))],
    }),
  ];
}

export function normRefusedVectors(): readonly VectorFile[] {
  return [{ topic: 'record-types', name: 'status', op: 'norm.status', invalid: refused() }];
}
