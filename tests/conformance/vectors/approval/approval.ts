import type { VectorFile } from '../vector.ts';
import { approvals } from './approvals.ts';
import { refusedApprovals } from './approvals-refused.ts';
import { officers } from './officers.ts';
import { refusedOfficers } from './officers-refused.ts';

/** Vectors of approval.md. */
export function approvalVectors(): readonly VectorFile[] {
  return [...officers(), ...refusedOfficers(), ...approvals(), ...refusedApprovals()];
}
