// Policies that are none, and checkpoints that a policy says nothing of (witness.md §1, 2.1).

import { LOG_KEY, LOG_LINE, noteOf, ORIGIN, OTHER_KEY, TEXT } from '../log/example.ts';
import { COSIGNATURE_TYPE, NOTE_TYPE, noteLine, vkeyOf } from '../log/text.ts';
import { keyPair } from '../signing.ts';
import type { InvalidCase } from '../vector.ts';
import { EXAMPLE_NOTE, EXAMPLE_POLICY, inputOf, LOG, policyOf, witness } from './quorum.ts';

export function refusedPolicies(): readonly InvalidCase[] {
  const refused = (
    comment: string,
    policy: string,
    code: string,
    clause: string,
    note = EXAMPLE_NOTE,
  ): InvalidCase => ({
    comment,
    in: inputOf(policy, note),
    code,
    clause,
  });
  const form = (comment: string, clause: string, ...lines: readonly string[]): InvalidCase =>
    refused(comment, policyOf(LOG, witness(0), witness(1), ...lines), 'log.policy-form', clause);
  const name = (comment: string, clause: string, ...lines: readonly string[]): InvalidCase =>
    refused(comment, policyOf(LOG, witness(0), witness(1), ...lines), 'log.policy-name', clause);
  const many = (count: number, line: (index: number) => string): string =>
    policyOf(LOG, ...Array.from({ length: count }, (_, index) => line(index)), 'quorum none');
  const witnessVkey = (index: number): string => vkeyOf(`w${index}`, COSIGNATURE_TYPE, keyPair(index));
  const groups = [
    witness(0),
    ...Array.from(
      { length: 257 },
      (_, index) => `group g${index} any ${index === 0 ? 'w0' : `g${index - 1}`}`,
    ),
  ];
  return [
    refused('no text', '', 'log.policy-form', '1.1'),
    refused('no line feed at the end', EXAMPLE_POLICY.slice(0, -1), 'log.policy-form', '1.1'),
    refused('a carriage return', EXAMPLE_POLICY.replaceAll('\n', '\r\n'), 'log.policy-form', '1.1'),
    refused('a delete character', `# \u007f\n${EXAMPLE_POLICY}`, 'log.policy-form', '1.1'),
    refused(
      '131073 bytes',
      `${EXAMPLE_POLICY}#${'é'.repeat((131_072 - EXAMPLE_POLICY.length - 2) / 2 + 1)}\n`,
      'log.policy-too-large',
      '1.1',
    ),
    form('another keyword', '1.2', 'threshold 1', 'quorum w0'),
    form('a keyword in capitals', '1.2', 'QUORUM w0'),
    form('a keyword that is a property of objects', '1.2', 'constructor w0', 'quorum w0'),
    form('a log without a key', '1.2', 'log', 'quorum w0'),
    form('a log with two addresses', '1.2', `${LOG} a b`, 'quorum w0'),
    form('a witness without a key', '1.2', 'witness w2', 'quorum w0'),
    form('a group without members', '1.2', 'group g any', 'quorum w0'),
    form('a group without a count', '1.2', 'group g', 'quorum w0'),
    form('a quorum without a name', '1.2', 'quorum'),
    form('a quorum of two names', '1.2', 'quorum w0 w1'),
    form('a count of 0', '1.6', 'group g 0 w0', 'quorum g'),
    form('a count above the members', '1.6', 'group g 2 w0', 'quorum g'),
    form('a count with a leading zero', '1.6', 'group g 01 w0', 'quorum g'),
    form('a count that is no number', '1.6', 'group g most w0', 'quorum g'),
    form('a negative count', '1.6', 'group g -1 w0', 'quorum g'),
    form('a count with an exponent', '1.6', 'group g 1e0 w0', 'quorum g'),
    refused('a key that is none', policyOf('log key', 'quorum none'), 'log.bad-vkey', '1.3'),
    refused(
      'a log with the key of a witness',
      policyOf(`log ${vkeyOf(ORIGIN, COSIGNATURE_TYPE, LOG_KEY)}`, 'quorum none'),
      'log.origin-key-mismatch',
      '1.3',
    ),
    refused(
      'a witness with the key of a log',
      policyOf(LOG, `witness w ${vkeyOf('w', NOTE_TYPE, OTHER_KEY)}`, 'quorum w'),
      'log.origin-key-mismatch',
      '1.3',
    ),
    refused('one log twice', policyOf(LOG, LOG, 'quorum none'), 'log.ambiguous-verifiers', '1.3'),
    refused(
      'one witness key under two names',
      policyOf(LOG, witness(0), witness(0).replace('w0', 'again'), 'quorum w0'),
      'log.ambiguous-verifiers',
      '1.3',
    ),
    refused(
      'the key of the log as a witness',
      policyOf(LOG, `witness w ${vkeyOf('w', COSIGNATURE_TYPE, LOG_KEY)}`, 'quorum w'),
      'log.ambiguous-verifiers',
      '1.3',
    ),
    name('a name of two witnesses', '1.4', witness(2).replace('w2', 'w0'), 'quorum w0'),
    name('a name of a witness and a group', '1.4', 'group w0 any w1', 'quorum w0'),
    name('a witness with the name none', '1.4', witness(2).replace('w2', 'none'), 'quorum w0'),
    name('a group with the name none', '1.4', 'group none any w0', 'quorum w0'),
    name('a quorum that is not defined', '1.5', 'quorum w3'),
    name('a quorum that is defined after it', '1.5', 'quorum g', 'group g any w0'),
    name('a member that is not defined', '1.5', 'group g any w3', 'quorum g'),
    name('a group that is its own member', '1.5', 'group g any g', 'quorum g'),
    name('none as a member', '1.5', 'group g any none', 'quorum g'),
    name('a member listed twice', '1.5', 'group g all w0 w0', 'quorum g'),
    name('a member of two groups', '1.5', 'group g any w0', 'group h any w0', 'quorum h'),
    refused('no quorum', policyOf(LOG, witness(0)), 'log.policy-quorum', '1.7'),
    refused('two quorums', policyOf(LOG, witness(0), 'quorum w0', 'quorum w0'), 'log.policy-quorum', '1.7'),
    refused(
      '257 logs',
      many(256, (index) => `log ${vkeyOf(`l${index}`, NOTE_TYPE, keyPair(index))}`),
      'log.policy-too-large',
      '1.8',
    ),
    refused(
      '257 witnesses',
      many(257, (index) => `witness w${index} ${witnessVkey(index % 256)}`),
      'log.policy-too-large',
      '1.8',
    ),
    refused('257 groups', policyOf(LOG, ...groups, 'quorum w0'), 'log.policy-too-large', '1.8'),
    refused(
      'a checkpoint of a log that the policy does not know',
      policyOf(`log ${vkeyOf(ORIGIN, NOTE_TYPE, OTHER_KEY)}`, witness(0), 'quorum none'),
      'log.no-known-signature',
      '2.1',
    ),
    refused(
      'a checkpoint that a key of the log has signed under another name',
      EXAMPLE_POLICY,
      'log.no-known-signature',
      '2.1',
      noteOf(TEXT, noteLine(TEXT, 'other', LOG_KEY), LOG_LINE.replace(ORIGIN, 'other')),
    ),
  ];
}
