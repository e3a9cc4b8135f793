import type { output } from 'zod';
import type { certifiedKeyShown } from '../operations/shapes.ts';
import { safeText } from './safe-text.ts';

type Key = output<typeof certifiedKeyShown>;

/** Delegates of a state below each other, each with what it may let others sign, and the keys that they have certified. */
export function delegateTree(delegates: readonly Key[], keys: readonly Key[]): string[] {
  const delegated = keys.filter(({ usage, delegatedBy }) => usage !== 'delegate' && delegatedBy !== null);
  const all = [...delegates, ...delegated];
  const below = (kid: string | null, indent: string): string[] =>
    all
      .filter(({ delegatedBy }) => delegatedBy === kid)
      .flatMap((key) => [
        `${indent}${lineOf(key)}`,
        ...(key.usage === 'delegate' ? below(key.kid, `${indent}  `) : []),
      ]);
  return below(null, '');
}

function lineOf({ subject, usage, kid, types, max, depth, validFrom, validUntil, standing }: Key): string {
  const may = [
    types === null ? 'all types' : types.join(', '),
    max === null ? 'any level' : `up to ${max}`,
    ...(depth === null ? [] : [`${depth} below it`]),
    `${validFrom} to ${validUntil}`,
    standing,
  ];
  return `${safeText(subject)}  ${usage} ${kid.slice(0, 16)}  ${may.join('; ')}`;
}
