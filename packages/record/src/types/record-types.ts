import { annotation } from './annotation.ts';
import { attribution } from './attribution.ts';
import { commitment } from './commitment.ts';
import { incident } from './incident.ts';
import { norm } from './norm.ts';
import type { RecordType } from './record-type.ts';
import { releaseGrant } from './release-grant.ts';
import { releaseRequest } from './release-request.ts';
import { retraction } from './retraction.ts';
import { sighting } from './sighting.ts';

const TYPES: ReadonlyMap<string, RecordType> = new Map(
  [
    ...[incident, norm, commitment, retraction, releaseRequest, releaseGrant],
    ...[sighting, annotation, attribution],
  ].map((type) => [type.id, type]),
);

/** The record types that this version knows; records of others are kept, verified and shown as unknown. */
export const recordTypes: readonly RecordType[] = Object.freeze([...TYPES.values()]);

/** What is known about a record type; undefined for a type that is not known here. */
export function recordTypeOf(id: string): RecordType | undefined {
  return TYPES.get(id);
}
