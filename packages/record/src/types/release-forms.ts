// What a release-request and a release-grant have in common (record-types.md §13, §14).

import { PURPOSES } from '@comity/label';
import type { DraftFaults } from '../draft-faults.ts';
import { stateNamed } from '../known-states.ts';
import { MAX_DIGESTS } from '../limits.ts';
import { listOf } from './collection-forms.ts';
import { registered, type ValueForm } from './form.ts';
import type { TypeContext } from './record-type.ts';
import { digestOf } from './reference-forms.ts';

/** All parts of a record. The word is written out: a recipient cannot tell a field that is absent from one that is withheld. */
export const ALL_PARTS = 'all';

/** A purpose for which something may be used. */
export const purpose: ValueForm = registered('purposes.json', (word) => PURPOSES.has(word));

/** As many as a label may name. */
export const purposes: ValueForm = listOf(purpose, 32);

const digests = listOf(digestOf('a part'), MAX_DIGESTS);

/** The parts of a record that are meant: all, or digests. Signed in ascending order, so that the same parts are the same value. */
export const concernedParts: ValueForm = {
  expected: `${ALL_PARTS}, or ${digests.expected}, in ascending order`,
  read(value, at, faults, states) {
    if (value === ALL_PARTS) return value;
    if (!Array.isArray(value)) {
      return faults.add('record.bad-value', at, `expected ${ALL_PARTS}, or a list of digests of parts`);
    }
    return (digests.read(value, at, faults, states) as string[] | undefined)?.toSorted();
  },
  accepts: (value) => value === ALL_PARTS || (digests.accepts(value) && isAscending(value as string[])),
};

function isAscending(texts: readonly string[]): boolean {
  return texts.every((text, index) => index === 0 || (texts[index - 1] as string) < text);
}

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
