import roleRegistry from '@comity/protocol/registries/officer-roles.json' with { type: 'json' };

import { type DocumentPath, type DocumentReader, shown } from './document-reader.ts';
import {
  DEFAULT_WITHIN_SECONDS,
  MAX_DURATION_SECONDS,
  MAX_WITHIN_SECONDS,
  parseDuration,
} from './duration.ts';
import { ANCHORS, type ApprovalNeed, type Embargo } from './policy.ts';

/** Roles whose approval a policy can ask for (protocol/registries/officer-roles.json). */
export const OFFICER_ROLES: readonly string[] = Object.keys(roleRegistry.roles);

/** More than any state has people at one desk. */
export const MAX_PERSONS = 9;

/** Who decides where an entry of `limits` or `reciprocity` is reached and says no more. */
export const DEFAULT_NEED: ApprovalNeed = {
  by: 'release-authority',
  persons: 1,
  withinSeconds: DEFAULT_WITHIN_SECONDS,
};

/** Reads `approve`. */
export function readNeed(
  reader: DocumentReader,
  value: unknown,
  path: DocumentPath,
): ApprovalNeed | undefined {
  const keys = { required: ['by'], optional: ['persons', 'within'] } as const;
  const approve = reader.mapping(value, path, keys);
  if (approve === undefined) return undefined;
  const by = approve.by === undefined ? undefined : reader.text(approve.by, [...path, 'by']);
  if (by !== undefined && !OFFICER_ROLES.includes(by)) {
    reader.fault(
      'policy.unknown-role',
      [...path, 'by'],
      `expected one of ${OFFICER_ROLES.join(', ')}, got "${shown(by)}"`,
    );
  }
  const persons =
    approve.persons === undefined
      ? DEFAULT_NEED.persons
      : reader.count(approve.persons, [...path, 'persons'], { max: MAX_PERSONS, bad: 'policy.bad-persons' });
  const withinSeconds =
    approve.within === undefined
      ? DEFAULT_NEED.withinSeconds
      : readDuration(reader, approve.within, [...path, 'within'], MAX_WITHIN_SECONDS);
  if (by === undefined || persons === undefined || withinSeconds === undefined) return undefined;
  return { by, persons, withinSeconds };
}

/** Reads `after` and `from` of a rule. */
export function readEmbargo(
  reader: DocumentReader,
  { after, from }: { readonly after?: unknown; readonly from?: unknown },
  path: DocumentPath,
): Embargo | undefined {
  const anchor = from === undefined ? 'issued' : readAnchor(reader, from, [...path, 'from']);
  if (after === undefined) {
    if (from !== undefined)
      reader.fault('policy.from-without-after', [...path, 'from'], 'expected a key "after" beside it');
    return undefined;
  }
  const afterSeconds = readDuration(reader, after, [...path, 'after'], MAX_DURATION_SECONDS);
  return anchor === undefined || afterSeconds === undefined ? undefined : { anchor, afterSeconds };
}

function readAnchor(
  reader: DocumentReader,
  value: unknown,
  path: DocumentPath,
): Embargo['anchor'] | undefined {
  const text = reader.text(value, path);
  if (text === undefined) return undefined;
  return (
    ANCHORS.find((anchor) => anchor === text) ??
    reader.fault('policy.unknown-anchor', path, `expected one of ${ANCHORS.join(', ')}, got "${shown(text)}"`)
  );
}

/** Reads a duration longer than nothing, in seconds. */
export function readDuration(
  reader: DocumentReader,
  value: unknown,
  path: DocumentPath,
  maxSeconds: number,
): number | undefined {
  const text = reader.text(value, path);
  if (text === undefined) return undefined;
  const durationSeconds = parseDuration(text);
  if (durationSeconds !== undefined && durationSeconds > 0 && durationSeconds <= maxSeconds)
    return durationSeconds;
  return reader.fault(
    'policy.bad-duration',
    path,
    `expected a duration such as P7D or PT6H, at most P${maxSeconds / 86_400}D, got "${shown(text)}"`,
  );
}
