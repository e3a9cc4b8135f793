import type { VectorFile } from '../vector.ts';
import { refusedEvidence, verifiedEvidence } from './evidence.ts';
import { judgedQuorums } from './quorum.ts';
import { refusedPolicies } from './quorum-refused.ts';
import { decidedRequests, refusedRequests } from './requests.ts';

/** Vectors of witness.md. */
export function witnessVectors(): readonly VectorFile[] {
  const topic = 'witness';
  return [
    { topic, op: 'quorum.judge', name: 'quorum-judge', valid: judgedQuorums() },
    { topic, op: 'quorum.judge', name: 'quorum-judge', invalid: refusedPolicies() },
    { topic, op: 'witness.judge', name: 'witness-judge', valid: decidedRequests() },
    { topic, op: 'witness.judge', name: 'witness-judge', invalid: refusedRequests() },
    { topic, op: 'evidence.verify', name: 'evidence-verify', valid: verifiedEvidence() },
    { topic, op: 'evidence.verify', name: 'evidence-verify', invalid: refusedEvidence() },
  ];
}
