import { type DocumentPath, type DocumentReader, kindOf } from './document-reader.ts';
import { MAX_DURATION_SECONDS } from './duration.ts';
import { type Nameable, readAddressees } from './parse-addressees.ts';
import { DEFAULT_NEED, readDuration, readNeed } from './parse-need.ts';
import type { HoldEntry, Limit, Reciprocity } from './policy.ts';
import { hundredthsOf } from './policy-digest.ts';

/** More releases than any ledger has entries for one recipient. */
export const MAX_RELEASES = 1_000_000;

/** An entry before its digest is known. */
type Undigested<E extends HoldEntry> = Omit<E, 'digest'>;

/** Reads the list `limits`. */
export function readLimits(reader: DocumentReader, value: unknown, nameable: Nameable): Undigested<Limit>[] {
  const limits: Undigested<Limit>[] = [];
  for (const [entry, path] of entriesOf(reader, value, 'limits')) {
    const keys = { required: ['to', 'releases', 'per', 'then'], optional: ['approve'] } as const;
    const found = reader.mapping(entry, path, keys);
    if (found === undefined) continue;
    const base = readBase(reader, found, path, nameable);
    const releases = found.releases === undefined ? undefined : readReleases(reader, found.releases, path);
    const perSeconds =
      found.per === undefined
        ? undefined
        : readDuration(reader, found.per, [...path, 'per'], MAX_DURATION_SECONDS);
    if (releases !== undefined && perSeconds !== undefined) limits.push({ ...base, releases, perSeconds });
  }
  return limits;
}

/** Reads the list `reciprocity`. */
export function readReciprocity(
  reader: DocumentReader,
  value: unknown,
  nameable: Nameable,
): Undigested<Reciprocity>[] {
  const found: Undigested<Reciprocity>[] = [];
  for (const [value_, path] of entriesOf(reader, value, 'reciprocity')) {
    const keys = { required: ['to', 'when-ratio-below', 'then'], optional: ['releases', 'approve'] } as const;
    const entry = reader.mapping(value_, path, keys);
    if (entry === undefined) continue;
    const base = readBase(reader, entry, path, nameable);
    const ratio = entry['when-ratio-below'];
    const belowHundredths =
      ratio === undefined ? undefined : readRatio(reader, ratio, [...path, 'when-ratio-below']);
    const releases = entry.releases === undefined ? 1 : readReleases(reader, entry.releases, path);
    if (belowHundredths !== undefined && releases !== undefined)
      found.push({ ...base, belowHundredths, releases });
  }
  return found;
}

function entriesOf(
  reader: DocumentReader,
  value: unknown,
  name: 'limits' | 'reciprocity',
): [entry: unknown, path: DocumentPath][] {
  return value === undefined ? [] : reader.list(value, [name], 'may be empty');
}

function readBase(
  reader: DocumentReader,
  { to, then, approve }: { readonly to?: unknown; readonly then?: unknown; readonly approve?: unknown },
  path: DocumentPath,
  nameable: Nameable,
): Undigested<HoldEntry> {
  // What is reached is never released by itself, and never withheld for good: a person looks at it.
  if (then !== undefined && then !== 'hold') {
    reader.fault('policy.bad-then', [...path, 'then'], 'expected "hold"');
  }
  const addressees =
    to === undefined ? { to: [], states: new Map() } : readAddressees(reader, to, [...path, 'to'], nameable);
  const need = approve === undefined ? DEFAULT_NEED : readNeed(reader, approve, [...path, 'approve']);
  return { name: `${path[0]}[${path[1]}]`, ...addressees, approve: need ?? DEFAULT_NEED };
}

function readReleases(reader: DocumentReader, value: unknown, path: DocumentPath): number | undefined {
  return reader.count(value, [...path, 'releases'], { max: MAX_RELEASES, bad: 'policy.bad-count' });
}

function readRatio(reader: DocumentReader, value: unknown, path: DocumentPath): number | undefined {
  if (typeof value !== 'number')
    return reader.fault('policy.wrong-type', path, `expected a number, got ${kindOf(value)}`);
  return (
    hundredthsOf(value) ??
    reader.fault('policy.bad-ratio', path, `expected a number from 0.01 to 1 in hundredths, got ${value}`)
  );
}
