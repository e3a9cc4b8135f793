import type { CborValue } from '@comity/cbor';
import {
  decodeSign1,
  encodeSign1,
  HEADER_KID,
  HEADER_TYP,
  keyThumbprint,
  MEDIA_TYPES,
  type Sign1,
  signSign1,
  verifySign1,
} from '@comity/cose';
import { equalBytes } from '@comity/digest';
import { compilePolicy, type Policy, parsePolicy, policyDigest } from '@comity/disclosure';
import { Fault, isFault } from '@comity/fault';
import { isStateCode, type StateCode, type StateId } from '@comity/label';
import { TABLES, WriteSet } from '@comity/store';
import { parseHumanDocument } from './config/yaml-document.ts';
import type { Emit } from './control/operation.ts';
import { localUser } from './local-user.ts';
import { formatTime } from './operations/shapes.ts';
import { reconcile, reviseDoor } from './reconcile.ts';
import type { PolicyInForce, Self, Sovereign } from './sovereign.ts';

type PolicyVersion = { version: number; digest: string; rules: number; appliedAt: string };

/** Claims of a CWT, as a header (RFC 9597). */
const HEADER_CWT = 15;

/** Name of the setting that holds a version as it was signed. */
function signedSetting(version: number): string {
  return `policy-signed/${version}`;
}

/** The same, signed with a later key. */
function signedAgainSetting(version: number): string {
  return `policy-signed-again/${version}`;
}

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
 * A version as it was signed: with the record key in use, or with one that counted when it was applied, by this node's own
 * record of that where the key was revoked later. Signed again with a later key, that counts as well.
 */
async function signedVersion(
  sovereign: Sovereign,
  version: number,
  appliedAtSeconds: number,
): Promise<Sign1> {
  let refusal: Fault | undefined;
  for (const setting of [signedSetting(version), signedAgainSetting(version)]) {
    const signed = await sovereign.store.get(TABLES.settings, [setting]);
    if (!(signed instanceof Uint8Array)) continue;
    try {
      const sign1 = decodeSign1(signed, { maxBytes: MAX_SIGNED_BYTES });
      verifySign1(sign1, recordKeyOf(sovereign, sign1, appliedAtSeconds));
      return sign1;
    } catch (error) {
      if (!isFault(error)) throw error;
      refusal ??= error;
    }
  }
  throw refusal ?? new Fault('policy.not-as-signed', 'the policy in force is not signed');
}

function recordKeyOf(
  { directory, self, signers }: Sovereign,
  sign1: Sign1,
  appliedAtSeconds: number,
): Uint8Array {
  const { publicKey } = signers.record;
  const kid = sign1.protectedHeader.get(HEADER_KID) as Uint8Array;
  if (equalBytes(kid, keyThumbprint(publicKey))) return publicKey;
  const atSeconds = signedAt(sign1) ?? appliedAtSeconds;
  return directory.resolve(kid, 'record', atSeconds, self.state, atSeconds).publicKey;
}

/** When it was signed, by the node's own word in what it signed. */
function signedAt({ protectedHeader }: Sign1): number | undefined {
  const claims = protectedHeader.get(HEADER_CWT);
  const seconds = claims instanceof Map ? claims.get(6) : undefined;
  return typeof seconds === 'number' ? seconds : undefined;
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

/** A policy is at most one MiB of text; the rest is header and signature. */
const MAX_SIGNED_BYTES = 1_048_576 + 4_096;

/** @throws DocumentFaults document.syntax, policy.* with paths: whoever knows the file places them in it */
function readPolicy(sovereign: Sovereign, text: string): { value: unknown; policy: Policy } {
  const { value } = parseHumanDocument(text, 'policy');
  return { value, policy: parsePolicy(value, { stateOf: (code) => stateOf(sovereign, code) }) };
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

/** @throws DocumentFaults document.syntax, policy.* with paths */
export function checkPolicy(sovereign: Sovereign, text: string): { digest: string; rules: number } {
  const { value, policy } = readPolicy(sovereign, text);
  return { digest: policyDigest(value), rules: policy.rules.length };
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
        .audit({ atSeconds: appliedAtSeconds, event: 'policy-applied', fields: { version, digest } });
    },
    () => {
      sovereign.policy = { version, digest, text, appliedAtSeconds, compiled: compile(sovereign, policy) };
    },
  );
  sovereign.events.emit('policy-applied', { version, digest });
  const released = await reconcile(sovereign, sovereign.peers.all(), emit);
  return { policy: versionOf(sovereign.policy as PolicyInForce), released };
}

async function signVersion(
  { self, signers }: { readonly self: Self; readonly signers: Pick<Sovereign['signers'], 'record'> },
  version: number,
  text: string,
  atSeconds: number,
): Promise<Uint8Array> {
  const claims = new Map<number, CborValue>([
    [1, self.state],
    [2, `policy/${version}`],
    [6, atSeconds],
  ]);
  const protectedHeader = new Map<number, CborValue>([
    [HEADER_CWT, claims],
    [HEADER_TYP, MEDIA_TYPES.policy],
  ]);
  const payload = new TextEncoder().encode(text);
  return encodeSign1(await signSign1({ protectedHeader, payload }, signers.record));
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
