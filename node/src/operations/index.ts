import type { AnyOperation } from '../control/operation.ts';
import type { Sovereign } from '../sovereign.ts';
import { releaseApprovals, releaseDecide, releasePending, releaseRejected } from './approvals.ts';
import { recordAudience } from './audience.ts';
import { clarificationList } from './clarification.ts';
import { releaseAsk, releaseGrant, releaseRefuse, releaseRequests, releaseRevoke } from './consent.ts';
import { dossierExport } from './dossier.ts';
import { dutyList } from './duty.ts';
import { importMispEvents } from './import.ts';
import { inboxDrop, inboxList, inboxTake, inboxUndeliverable } from './inbox.ts';
import { releaseLetter } from './letter.ts';
import { logAudit, logCheckpoint, logEvidenceGet, logEvidenceList, logProve, logProveKeys } from './log.ts';
import { measureList } from './measure.ts';
import { nodeClock, nodeClockAccept, nodeStatus, nodeStop } from './node.ts';
import { normList, normStatusOf } from './norm.ts';
import {
  officerConfirm,
  officerEnd,
  officerEnrol,
  officerImport,
  officerList,
  officerShow,
} from './officer.ts';
import { recordRetain, releaseComply, releaseOrders, releaseRecall } from './orders.ts';
import {
  peerAdd,
  peerEvidence,
  peerList,
  peerRecognise,
  peerRemove,
  peerShow,
  peerSuspend,
  peerTest,
  peerUpdate,
} from './peer.ts';
import { policyApply, policyCheck, policyExplain, policyList, policyShow } from './policy.ts';
import { policyDiff } from './policy-diff.ts';
import { logRestored, logRestoredConfirm, logRestoredWithout } from './put-back.ts';
import { queryAsk, queryList } from './query.ts';
import {
  recordAmend,
  recordClaim,
  recordFind,
  recordIssue,
  recordList,
  recordRetract,
  recordShow,
  recordVerify,
} from './record.ts';
import { registryDigestOf } from './registry.ts';
import { releaseLedger, releasePreview } from './release.ts';
import { stateAffected, stateApply, stateShow } from './state.ts';

const all = [
  dossierExport,
  dutyList,
  measureList,
  clarificationList,
  normList,
  normStatusOf,
  importMispEvents,
  inboxDrop,
  inboxList,
  inboxTake,
  inboxUndeliverable,
  logAudit,
  logCheckpoint,
  logEvidenceGet,
  logEvidenceList,
  logProve,
  logProveKeys,
  logRestored,
  logRestoredConfirm,
  logRestoredWithout,
  nodeClock,
  nodeClockAccept,
  nodeStatus,
  nodeStop,
  officerConfirm,
  officerEnd,
  officerEnrol,
  officerImport,
  officerList,
  officerShow,
  peerAdd,
  peerRecognise,
  peerRemove,
  peerEvidence,
  peerList,
  peerShow,
  peerSuspend,
  peerTest,
  peerUpdate,
  policyApply,
  policyCheck,
  policyDiff,
  policyExplain,
  policyShow,
  policyList,
  queryAsk,
  queryList,
  recordAudience,
  recordFind,
  recordClaim,
  recordIssue,
  recordList,
  recordRetain,
  recordAmend,
  recordRetract,
  recordShow,
  recordVerify,
  registryDigestOf,
  releaseApprovals,
  releaseAsk,
  releaseComply,
  releaseDecide,
  releaseGrant,
  releaseLedger,
  releaseLetter,
  releaseOrders,
  releasePending,
  releaseRejected,
  releasePreview,
  releaseRecall,
  releaseRefuse,
  releaseRequests,
  releaseRevoke,
  stateAffected,
  stateApply,
  stateShow,
];

/** Every operation by name: what the control socket serves and `--json` promises. */
export const operations: ReadonlyMap<string, AnyOperation<Sovereign>> = new Map(
  all.map((each) => [each.name, each as unknown as AnyOperation<Sovereign>]),
);
