// Quorums and trusted times (witness.md §1, §2).

import { hex } from '../cbor-text.ts';
import {
  LOG_LINE,
  LOG_VKEY,
  noteOf,
  ORIGIN,
  ROOT,
  TEXT,
  WITNESS,
  WITNESS_LINE,
  WITNESS_TIME_SECONDS,
  WITNESS_VKEY,
} from '../log/example.ts';
import { COSIGNATURE_TYPE, cosignatureLine, vkeyOf } from '../log/text.ts';
import { type KeyPair, keyPair } from '../signing.ts';
import type { Json, ValidCase } from '../vector.ts';

const NOW = WITNESS_TIME_SECONDS + 1_000;

interface Cosigner {
  readonly name: string;
  readonly key: KeyPair;
}

const cosigner = (number: number, name = `w${number}.example`): Cosigner => ({
  name,
  key: keyPair(0x40 + number),
});
const cosigners = [0, 1, 2, 3, 4].map((number) => cosigner(number));
/** Under the name of the state whose log it is. */
const OWN = cosigner(9, ORIGIN.replace(/origin$/, 'witness'));

const vkey = ({ name, key }: Cosigner): string => vkeyOf(name, COSIGNATURE_TYPE, key);
const signed = ({ name, key }: Cosigner, atSeconds: number): string =>
  cosignatureLine(TEXT, atSeconds, name, key);
const at = (index: number, atSeconds: number): string => signed(cosigners[index] as Cosigner, atSeconds);

export const LOG = `log ${LOG_VKEY}`;
export const witness = (index: number): string => `witness w${index} ${vkey(cosigners[index] as Cosigner)}`;
export const policyOf = (...lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
export const EXAMPLE_POLICY = policyOf(LOG, `witness borealis ${WITNESS_VKEY}`, 'quorum borealis');
export const EXAMPLE_NOTE = noteOf(TEXT, LOG_LINE, WITNESS_LINE);

export function inputOf(policy: string, note: string, notAfterSeconds = NOW): ValidCase['in'] {
  return { policy, note, notAfterSeconds };
}

export function judgedQuorums(): readonly ValidCase[] {
  const judged = (
    comment: string,
    policy: string,
    lines: readonly string[],
    counted: readonly (readonly [name: string, timeSeconds: number])[],
    trustedSeconds: number | undefined,
    reached = trustedSeconds !== undefined,
  ): ValidCase => ({
    comment,
    in: inputOf(policy, noteOf(TEXT, LOG_LINE, ...lines)),
    out: {
      origin: ORIGIN,
      size: 5,
      root: hex(ROOT),
      counted: counted.map(([name, timeSeconds]): Json => ({ name, timeSeconds })),
      reached,
      ...(trustedSeconds !== undefined && { trustedSeconds }),
    },
  });
  const some = (...times: readonly (readonly [number, number])[]) =>
    times.map(([index, time]) => [`w${index}.example`, time] as const);
  const three = (count: string): string =>
    policyOf(LOG, ...[0, 1, 2].map(witness), `group g ${count} w0 w1 w2`, 'quorum g');
  const nested = policyOf(
    '# two houses, each of which has to agree',
    LOG,
    ...[0, 1, 2, 3, 4].map(witness),
    '',
    'group x 2 w0 w1 w2',
    'group y any w3 w4',
    ' \tgroup  both\tall x y ',
    'quorum both',
  );
  const withOwn = policyOf(LOG, `witness own ${vkey(OWN)}`, witness(0), 'group g 2 own w0', 'quorum g');
  return [
    judged(
      'the worked example',
      EXAMPLE_POLICY,
      [WITNESS_LINE],
      [[WITNESS, WITNESS_TIME_SECONDS]],
      WITNESS_TIME_SECONDS,
    ),
    judged('its checkpoint without the cosignature', EXAMPLE_POLICY, [], [], undefined),
    judged('quorum none', policyOf(LOG, 'quorum none'), [], [], undefined, true),
    judged(
      'quorum none counts what there is',
      policyOf(LOG, witness(0), 'quorum none'),
      [at(0, 7)],
      some([0, 7]),
      undefined,
      true,
    ),
    judged(
      '2 of 3: the second time counts',
      three('2'),
      [at(0, 30), at(1, 10), at(2, 20)],
      some([0, 30], [1, 10], [2, 20]),
      20,
    ),
    judged('2 of 3 with two', three('2'), [at(2, 40), at(0, 30)], some([0, 30], [2, 40]), 40),
    judged('2 of 3 with one', three('2'), [at(1, 30)], some([1, 30]), undefined),
    judged(
      'all of 3: the last time counts',
      three('all'),
      [at(0, 30), at(1, 10), at(2, 20)],
      some([0, 30], [1, 10], [2, 20]),
      30,
    ),
    judged(
      'any of 3: the first time counts',
      three('any'),
      [at(0, 30), at(1, 10), at(2, 20)],
      some([0, 30], [1, 10], [2, 20]),
      10,
    ),
    judged(
      'one witness that signs three times counts once, by its earliest time',
      three('2'),
      [at(0, 30), at(0, 10), at(0, 20)],
      some([0, 10]),
      undefined,
    ),
    judged(
      'one witness that signs three times, and another',
      three('2'),
      [at(0, 30), at(0, 10), at(1, 20)],
      some([0, 10], [1, 20]),
      20,
    ),
    judged(
      'a time that is the last that counts',
      three('2'),
      [at(0, NOW), at(1, 1)],
      some([0, NOW], [1, 1]),
      NOW,
    ),
    judged(
      'a time after the last that counts',
      three('2'),
      [at(0, NOW + 1), at(1, 1)],
      some([1, 1]),
      undefined,
    ),
    judged(
      'the state whose log it is does not count',
      withOwn,
      [signed(OWN, 3), at(0, 4)],
      some([0, 4]),
      undefined,
    ),
    judged(
      'a witness that the policy does not know does not count',
      three('2'),
      [at(0, 1), at(3, 1), at(4, 1)],
      some([0, 1]),
      undefined,
    ),
    judged(
      'groups in a group',
      nested,
      [at(0, 10), at(1, 20), at(2, 5), at(3, 70)],
      some([0, 10], [1, 20], [2, 5], [3, 70]),
      70,
    ),
    judged(
      'groups in a group, one not reached',
      nested,
      [at(0, 10), at(1, 20), at(2, 5)],
      some([0, 10], [1, 20], [2, 5]),
      undefined,
    ),
    judged(
      'groups in a group, comments and spaces',
      nested,
      [at(0, 10), at(2, 50), at(4, 7)],
      some([0, 10], [2, 50], [4, 7]),
      50,
    ),
    judged(
      'an address after a key is not read',
      policyOf(`${LOG} https://log.example/`, `${witness(0)} x`, 'quorum w0'),
      [at(0, 1)],
      some([0, 1]),
      1,
    ),
    judged(
      'names that are not of letters',
      policyOf(LOG, witness(0).replace('w0', 'é+/…'), 'quorum é+/…'),
      [at(0, 1)],
      some([0, 1]),
      1,
    ),
  ];
}
