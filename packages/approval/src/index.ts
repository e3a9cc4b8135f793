// Who may decide for a state what its rules leave to a person, and what these persons have decided (protocol/approval.md):
// pure, without store and network.

export {
  ACT_TOLERANCE_SECONDS,
  type Act,
  type Expected,
  MAX_ACT_BYTES,
  type RootAct,
  readAct,
  signAct,
  takeAct,
  type VerifiedAct,
  verifyAct,
  verifyRootAct,
  verifyStateAct,
} from './act.ts';
export {
  type Approval,
  MAX_APPROVAL_BYTES,
  MAX_APPROVAL_SECONDS,
  MAX_REASON_BYTES,
  readApproval,
  signApproval,
  takeApproval,
  type VerifiedApproval,
  verifyApproval,
} from './approval.ts';
export {
  issueOfficer,
  MAX_OFFICER_BYTES,
  MAX_OFFICER_SECONDS,
  OFFICER_ROLES,
  type Officer,
  type OfficerRole,
  type VerifiedOfficer,
  verifyOfficer,
} from './officer.ts';
export { assertInForce, type KnownOfficer, OfficerDirectory, whyNotInForce } from './officer-directory.ts';
