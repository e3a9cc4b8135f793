// What the tests of the comparison of policies share.

import type { z } from 'zod';
import { diffResult, policyDiff } from '../operations/policy-diff.ts';
import type { ScratchNode } from '../scratch-node.test-support.ts';

export const PEERS = ['XBB', 'XCC', 'XDD'];
export const EVERYBODY = { classification: 'unclassified', releasableTo: ['XAA', ...PEERS] };

export type Diff = z.output<typeof diffResult>;
type Args = z.input<(typeof policyDiff)['args']>;

/** Compares a policy with the one in force, or with another. */
export async function diff(
  { sovereign }: ScratchNode,
  policy: object,
  args: Partial<Args> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<Diff> {
  const given = policyDiff.args.parse({ text: JSON.stringify(policy), ...args });
  return diffResult.parse(await policyDiff.run(sovereign, given, () => {}, signal));
}

export const draft = (title: string, more: object = {}) => ({
  type: 'incident',
  label: EVERYBODY,
  content: { title: { en: title }, stage: 'final', victim: { name: 'Registry One' }, ...more },
});
