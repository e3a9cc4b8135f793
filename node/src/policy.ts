import { userInfo } from 'node:os';
import type { CborValue } from '@comity/cbor';
import { encodeSign1, HEADER_TYP, MEDIA_TYPES, signSign1 } from '@comity/cose';
import { compilePolicy, type Policy, parsePolicy, policyDigest } from '@comity/disclosure';
import { isStateCode, type StateCode, type StateId } from '@comity/label';
import { TABLES, WriteSet } from '@comity/store';
import { parseHumanDocument } from './config/yaml-document.ts';
import type { Emit } from './control/operation.ts';
import { formatTime } from './operations/shapes.ts';
import { reconcile, reviseDoor } from './reconcile.ts';
import type { PolicyInForce, Sovereign } from './sovereign.ts';

type PolicyVersion = { version: number; digest: string; rules: number; appliedAt: string };

/** The policy that was applied last, compiled. */
export async function loadPolicy(sovereign: Sovereign): Promise<PolicyInForce | undefined> {
  const [newest] = await sovereign.store.list(TABLES.policies, [], { reverse: true, limit: 1 });
  if (newest === undefined) return undefined;
  const { text, digest, appliedAtSeconds } = newest.row;
  const policy = parsePolicy(parseHumanDocument(text, 'policy').value, {
    stateOf: (code) => stateOf(sovereign, code),
  });
  return { version: newest.key[0], digest, text, appliedAtSeconds, compiled: compile(sovereign, policy) };
}

/** @throws DocumentFaults policy.* with paths */
export function checkPolicy(
  sovereign: Sovereign,
  value: unknown,
): { digest: string; rules: number; groups: number; unknownStates: string[] } {
  const policy = parsePolicy(value, { stateOf: (code) => stateOf(sovereign, code) });
  const groups = (value as { groups?: Record<string, unknown> }).groups ?? {};
  return {
    digest: policyDigest(value),
    rules: policy.rules.length,
    groups: Object.keys(groups).length,
    unknownStates: [],
  };
}

export async function showPolicy({
  policy,
}: Sovereign): Promise<{ policy: PolicyVersion | null; text: string | null }> {
  return policy === undefined
    ? { policy: null, text: null }
    : { policy: versionOf(policy), text: policy.text };
}

/**
 * Puts a policy in force: the whole file or nothing. It is signed with the state's record key, so that it can be shown
 * later what was decided by; then what it newly allows is released.
 *
 * @throws DocumentFaults policy.*
 */
export async function applyPolicy(
  sovereign: Sovereign,
  { policy: value, text }: { policy?: unknown; text: string },
  emit: Emit,
): Promise<{ policy: PolicyVersion; released: { peer: string; entries: number }[] }> {
  const policy = parsePolicy(value, { stateOf: (code) => stateOf(sovereign, code) });
  const { signers, self } = sovereign;
  const version = (sovereign.policy?.version ?? 0) + 1;
  const digest = policyDigest(value);
  const appliedAtSeconds = sovereign.now();
  const signed = await signSign1(
    {
      protectedHeader: new Map<number, CborValue>([
        [
          15,
          new Map<number, CborValue>([
            [1, self.state],
            [2, `policy/${version}`],
            [6, appliedAtSeconds],
          ]),
        ],
        [HEADER_TYP, MEDIA_TYPES.policy],
      ]),
      payload: new TextEncoder().encode(text),
    },
    signers.record,
  );
  const set = new WriteSet()
    .put(TABLES.policies, [version], { digest, text, appliedAtSeconds, appliedBy: userInfo().username })
    .put(TABLES.settings, [`policy-signed/${version}`], encodeSign1(signed))
    .audit({ atSeconds: appliedAtSeconds, event: 'policy-applied', fields: { version, digest } });
  await reviseDoor(sovereign, set, () => {
    sovereign.policy = { version, digest, text, appliedAtSeconds, compiled: compile(sovereign, policy) };
  });
  sovereign.events.emit('policy-applied', { version, digest });
  const released = await reconcile(sovereign, sovereign.peers.all(), emit);
  return { policy: versionOf(sovereign.policy as PolicyInForce), released };
}

function compile(sovereign: Sovereign, policy: Policy): PolicyInForce['compiled'] {
  return compilePolicy(policy, { onDecisionError: (alarm) => sovereign.onDecisionError(alarm) });
}

function stateOf(sovereign: Sovereign, code: string): StateId | undefined {
  if (!isStateCode(code)) return undefined;
  return code === sovereign.self.charter.code
    ? sovereign.self.state
    : sovereign.peers.stateOf(code as StateCode);
}

function versionOf(policy: PolicyInForce): PolicyVersion {
  return {
    version: policy.version,
    digest: policy.digest,
    rules: policy.compiled.policy.rules.length,
    appliedAt: formatTime(policy.appliedAtSeconds),
  };
}
