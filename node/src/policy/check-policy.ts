import { policyDigest, policyWarnings, type WarningKind } from '@comity/disclosure';
import type { Sovereign } from '../sovereign.ts';
import { readPolicy, statesByCode } from './policy.ts';

/** What a policy file holds, and what a careful reader would ask its author about, from the first line to the last. */
interface CheckedPolicy {
  readonly digest: string;
  readonly rules: number;
  readonly warnings: {
    readonly kind: WarningKind;
    readonly path: string;
    /** From 1. */
    readonly line: number;
    readonly column: number;
    readonly message: string;
  }[];
}

/** @throws DocumentFaults document.syntax, policy.* with paths */
export function checkPolicy(sovereign: Sovereign, text: string): CheckedPolicy {
  const { self, peers, officers, now } = sovereign;
  const { value, policy, locate } = readPolicy(sovereign, text);
  const atSeconds = now();
  const codes = new Map(statesByCode(sovereign).map(([code, state]) => [state, code]));
  const inForce = officers.own.list().map(({ officer: { id } }) => officers.own.inForce(id, atSeconds));
  const roles = new Map(
    inForce.flatMap((known) => (known === undefined ? [] : [[known.officer.id, known.officer.roles]])),
  );
  const warnings = policyWarnings(policy, {
    holder: self.state,
    atSeconds,
    codeOf: (state) => codes.get(state) ?? state,
    isServed: (state) => peers.isServed(state, atSeconds),
    officersOf: (role) => [...roles.values()].filter((held) => held.some((each) => each === role)).length,
  });
  return {
    digest: policyDigest(value),
    rules: policy.rules.length,
    warnings: warnings
      .map(({ kind, path, message }) => ({ kind, path: pathText(path), ...locate(path), message }))
      .sort((a, b) => a.line - b.line || a.column - b.column),
  };
}

/** As faults are shown: `rules[0].to`. */
function pathText(path: readonly (string | number)[]): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`))
    .join('');
}
