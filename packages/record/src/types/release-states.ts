import type { DraftFaults } from '../draft-faults.ts';
import { stateNamed } from '../known-states.ts';
import type { TypeContext } from './record-type.ts';

/** Issuer and the states under these names are different ones: nobody asks itself, or lets itself pass something to itself. */
export function requireDifferentStates(
  content: Readonly<Record<string, unknown>>,
  names: readonly string[],
  context: TypeContext,
  faults: DraftFaults,
): void {
  const before = new Set([context.issuer]);
  for (const name of names) {
    const named = stateNamed(content[name], context);
    if (named === undefined) continue;
    if (before.has(named)) {
      const message = `expected a state that is not ${['the issuer', ...names.slice(0, names.indexOf(name))].join(' or ')}`;
      faults.add('record.same-state', ['content', name], message);
    }
    before.add(named);
  }
}
