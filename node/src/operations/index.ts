import type { AnyOperation } from '../control/operation.ts';
import type { Sovereign } from '../sovereign.ts';
import { importMispEvents } from './import.ts';
import { nodeClock, nodeClockAccept, nodeStatus, nodeStop } from './node.ts';
import { peerAdd, peerList, peerShow, peerSuspend, peerTest } from './peer.ts';
import { policyApply, policyCheck, policyExplain, policyShow } from './policy.ts';
import { queryAsk, queryList } from './query.ts';
import { recordFind, recordIssue, recordList, recordRetract, recordShow, recordVerify } from './record.ts';
import { releaseLedger, releasePreview } from './release.ts';
import { stateShow } from './state.ts';

const all = [
  importMispEvents,
  nodeClock,
  nodeClockAccept,
  nodeStatus,
  nodeStop,
  peerAdd,
  peerList,
  peerShow,
  peerSuspend,
  peerTest,
  policyApply,
  policyCheck,
  policyExplain,
  policyShow,
  queryAsk,
  queryList,
  recordFind,
  recordIssue,
  recordList,
  recordRetract,
  recordShow,
  recordVerify,
  releaseLedger,
  releasePreview,
  stateShow,
];

/** Every operation by name: what the control socket serves and `--json` promises. */
export const operations: ReadonlyMap<string, AnyOperation<Sovereign>> = new Map(
  all.map((each) => [each.name, each as unknown as AnyOperation<Sovereign>]),
);
