import { annotation } from './annotation.ts';
import { assessment } from './assessment.ts';
import { attribution } from './attribution.ts';
import { clarification } from './clarification.ts';
import { commitment } from './commitment.ts';
import { contact } from './contact.ts';
import { dispute } from './dispute.ts';
import { exercise } from './exercise.ts';
import { guideline } from './guideline.ts';
import { implementation } from './implementation.ts';
import { incident } from './incident.ts';
import { measure } from './measure.ts';
import { norm } from './norm.ts';
import { notice } from './notice.ts';
import type { RecordType } from './record-type.ts';
import { releaseGrant } from './release-grant.ts';
import { releaseRequest } from './release-request.ts';
import { retraction } from './retraction.ts';
import { review } from './review.ts';
import { sighting } from './sighting.ts';

const TYPES: ReadonlyMap<string, RecordType> = new Map(
  [
    ...[incident, norm, commitment, retraction, releaseRequest, releaseGrant],
    ...[sighting, annotation, attribution],
    ...[guideline, implementation, review, measure, assessment],
    ...[clarification, contact, exercise, dispute, notice],
  ].map((type) => [type.id, type]),
);

/** The record types that this version knows; records of others are kept, verified and shown as unknown. */
export const recordTypes: readonly RecordType[] = Object.freeze([...TYPES.values()]);

/** What is known about a record type; undefined for a type that is not known here. */
export function recordTypeOf(id: string): RecordType | undefined {
  return TYPES.get(id);
}
