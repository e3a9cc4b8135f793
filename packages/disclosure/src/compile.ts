import { DecisionMemory } from './memory.ts';
import type { Policy } from './policy.ts';
import { RuleIndex } from './rule-index.ts';
import type { Mode, Recipient } from './situation.ts';

/** A decision that failed. Nothing was released; a person should look at it. */
export interface DecisionAlarm {
  readonly error: unknown;
  /** The recipient as it was given. */
  readonly recipient: Recipient;
  readonly mode: Mode;
  readonly purpose: string;
}

/** A policy ready to decide, with a memory of what it decided. Made by `compilePolicy`. */
export class CompiledPolicy {
  readonly policy: Policy;
  /** Internal. */
  readonly rules: RuleIndex;
  /** Internal. */
  readonly memory: DecisionMemory;
  readonly #onDecisionError: ((alarm: DecisionAlarm) => void) | undefined;

  constructor(policy: Policy, onDecisionError: ((alarm: DecisionAlarm) => void) | undefined) {
    this.policy = policy;
    this.rules = new RuleIndex(policy);
    this.memory = new DecisionMemory(this.rules);
    this.#onDecisionError = onDecisionError;
  }

  /** Reports a failed decision. An alarm that fails in its turn changes nothing: the decision withholds. */
  alarm(alarm: DecisionAlarm): void {
    try {
      this.#onDecisionError?.(alarm);
    } catch {
      // The decision must be total, also where its listener is not.
    }
  }
}

/**
 * Prepares a policy for deciding. Rule order is lost here, because it does not matter.
 *
 * @param options `onDecisionError` is told of each decision that failed with an exception, and therefore withholds
 */
export function compilePolicy(
  policy: Policy,
  options: { readonly onDecisionError?: (alarm: DecisionAlarm) => void } = {},
): CompiledPolicy {
  return new CompiledPolicy(policy, options.onDecisionError);
}
