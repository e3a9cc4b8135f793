import { OfficerDirectory, verifyApproval, verifyOfficer } from '@comity/approval';
import { toHex } from '@comity/digest';
import type { Input } from '../input.ts';
import { knownStatesIn, stateIdIn } from '../known-states.ts';
import type { Operations } from '../operation.ts';

/** approval.md §5. */
export const approvalOperations: Operations = {
  'officer.verify': (input) => {
    const { directory } = knownStatesIn(input);
    const officer = verifyOfficer(input.hex('officer'), directory);
    const { state, id, name, roles, issuedAtSeconds, notBeforeSeconds, notAfterSeconds, sealKey } = officer;
    return {
      ...{ state, id, name, roles, issuedAtSeconds, notBeforeSeconds, notAfterSeconds },
      publicKey: toHex(officer.publicKey),
      keyId: toHex(officer.kid),
      certificateId: toHex(officer.certificateId),
      ...(sealKey !== undefined && { sealKey: toHex(sealKey) }),
    };
  },

  'approval.verify': (input) => {
    const officers = officersIn(input);
    const approval = verifyApproval(input.hex('approval'), officers, input.seconds('atSeconds'));
    const { id, officer, roles, decision, recordId, recipient, mode, purpose, rule, ruleDigest } = approval;
    const { parts, atSeconds, notAfterSeconds, reason, addressee } = approval;
    return {
      ...{ id, officer, roles, decision, recordId, recipient, mode, purpose, rule, ruleDigest },
      parts: [...parts],
      issuedAtSeconds: atSeconds,
      notAfterSeconds,
      ...(reason !== undefined && { reason }),
      ...(addressee !== undefined && { addressee }),
    };
  },
};

/** Of a certificate that stands there several times, the last time counts. */
function officersIn(input: Input): OfficerDirectory {
  const { directory } = knownStatesIn(input);
  const officers = new OfficerDirectory(stateIdIn(input.hex('state')));
  for (const each of input.objects('officers')) {
    const officer = verifyOfficer(each.hex('certificate'), directory);
    officers.add(officer, each.optionalSeconds('endedAtSeconds') ?? null);
  }
  return officers;
}
