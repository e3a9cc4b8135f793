import { compilePolicy, type Policy, parsePolicy, policyDigest } from '@comity/disclosure';
import { Fault } from '@comity/fault';
import { isStateCode, type StateCode, type StateId } from '@comity/label';
import { TABLES, WriteSet } from '@comity/store';
import { type HumanDocument, parseHumanDocument } from '../config/yaml-document.ts';
import type { Emit } from '../control/operation.ts';
import { formatTime } from '../operations/shapes.ts';
import { localUser } from '../process/local-user.ts';
import { reconcile, reviseDoor } from '../recovery/reconcile.ts';
import type { PolicyInForce, Sovereign } from '../sovereign.ts';
import { signedAgainSetting, signedSetting, signedVersion, signVersion } from './signed-policy.ts';

type PolicyVersion = { version: number; digest: string; rules: number; appliedAt: string };

/**
 * The policy that was applied last, compiled. What decides must be what was signed when it was applied.
 *
 * @throws Fault policy.not-as-signed; DocumentFaults policy.*
 */
export async function loadPolicy(sovereign: Sovereign): Promise<PolicyInForce | undefined> {
  const { store } = sovereign;
  const [newest] = await store.list(TABLES.policies, [], { reverse: true, limit: 1 });
  if (newest === undefined) return undefined;
  const { text, digest, appliedAtSeconds } = newest.row;
  const [version] = newest.key;
  const sign1 = await signedVersion(sovereign, version, appliedAtSeconds);
  const { value, policy } = readPolicy(sovereign, text);
  if (new TextDecoder().decode(sign1.payload) !== text || policyDigest(value) !== digest) {
    throw new Fault('policy.not-as-signed', 'the policy in force is not the one that was signed', {
      fields: { version },
    });
  }
  return { version, digest, text, appliedAtSeconds, compiled: compile(sovereign, policy) };
}

/**
 * Signs the policy in force again, with the record key that takes the place of another: what that one has signed may not
 * count any more. To be done before the card that names the new key is in force.
 */
export async function signPolicyAgain(
  sovereign: Sovereign,
  signers: Pick<Sovereign['signers'], 'record'>,
): Promise<void> {
  const { self, policy, store } = sovereign;
  if (policy === undefined) return;
  const signed = await signVersion({ self, signers }, policy.version, policy.text, sovereign.now());
  await store.commit(new WriteSet().put(TABLES.settings, [signedAgainSetting(policy.version)], signed));
}

/** A policy as it is written and as it is meant. */
interface ReadPolicy extends Pick<HumanDocument, 'value' | 'locate'> {
  readonly policy: Policy;
}

/** @throws DocumentFaults document.syntax, policy.* with paths: whoever knows the file places them in it */
export function readPolicy(sovereign: Sovereign, text: string): ReadPolicy {
  const { value, locate } = parseHumanDocument(text, 'policy');
  return { value, locate, policy: parsePolicy(value, { stateOf: (code) => stateOf(sovereign, code) }) };
}

/**
 * A policy as it would be in force, for whoever only asks what it would do. An alarm about a decision under it is nobody's.
 *
 * @throws DocumentFaults document.syntax, policy.* with paths
 */
export function supposedPolicy(sovereign: Sovereign, text: string): PolicyInForce {
  const { value, policy } = readPolicy(sovereign, text);
  const version = (sovereign.policy?.version ?? 0) + 1;
  const appliedAtSeconds = sovereign.now();
  return { version, digest: policyDigest(value), text, appliedAtSeconds, compiled: compilePolicy(policy) };
}

/**
 * Puts a policy in force: the whole file or nothing. It is signed with the state's record key, so that it can be shown
 * later what was decided by; then what it newly allows is released.
 *
 * @throws DocumentFaults document.syntax, policy.* with paths
 */
export async function applyPolicy(
  sovereign: Sovereign,
  { text }: { text: string },
  emit: Emit,
): Promise<{ policy: PolicyVersion; released: { peer: string; entries: number }[] }> {
  const { value, policy } = readPolicy(sovereign, text);
  const digest = policyDigest(value);
  const appliedAtSeconds = sovereign.now();
  let version = 0;
  // Numbered in the turn in which it is put in force: of two that are applied at once, none is lost.
  await reviseDoor(
    sovereign,
    async () => {
      version = (sovereign.policy?.version ?? 0) + 1;
      const signed = await signVersion(sovereign, version, text, appliedAtSeconds);
      return new WriteSet()
        .put(TABLES.policies, [version], { digest, text, appliedAtSeconds, appliedBy: localUser() })
        .put(TABLES.settings, [signedSetting(version)], signed)
        .audit({
          atSeconds: appliedAtSeconds,
          event: 'policy-applied',
          fields: { version, digest, user: localUser() },
        });
    },
    () => {
      sovereign.policy = { version, digest, text, appliedAtSeconds, compiled: compile(sovereign, policy) };
    },
  );
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

/** The states that a policy can name here, by their codes. */
export function statesByCode({ self, peers }: Sovereign): (readonly [code: string, state: StateId])[] {
  const known = [...peers.all(), ...peers.unreadable()].map(({ code, state }) => [code, state] as const);
  return [[self.charter.code, self.state], ...known];
}

function versionOf(policy: PolicyInForce): PolicyVersion {
  return {
    version: policy.version,
    digest: policy.digest,
    rules: policy.compiled.policy.rules.length,
    appliedAt: formatTime(policy.appliedAtSeconds),
  };
}
