import type { CompiledPolicy } from './compile.ts';
import { GRANT_TYPE } from './consent.ts';
import type { Recipient, Situation } from './situation.ts';

/** Record types; `any` where nothing narrows them. */
export type RecordTypes = 'any' | ReadonlySet<string>;

/**
 * The record types of which a policy could permit a recipient anything at all in a mode and for a purpose, at any time,
 * whatever a record holds and says on its labels. Of any other type a decision releases nothing, so a record of it need not be opened.
 * What is among them is not yet permitted: conditions, forbidding rules and the mandatory layer come with the decision.
 */
export function permittedTypes(
  { rules }: CompiledPolicy,
  { state }: Pick<Recipient, 'state'>,
  situation: Pick<Situation, 'mode' | 'purpose'>,
): RecordTypes {
  // Permitted whatever the policy says, to the state that it is about.
  const types = new Set([GRANT_TYPE]);
  for (const { rule } of rules.candidates(state, situation)) {
    if (rule.effect !== 'permit') continue;
    if (rule.when?.type === undefined) return 'any';
    for (const type of rule.when.type) types.add(type);
  }
  return types;
}
