import { keyThumbprint } from '@comity/cose';
import { equalBytes, toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { StateCode, StateId } from '@comity/label';

import type { VerifiedCharter } from './charter.ts';
import { type KeyUsage, MAX_CERTIFICATES_PER_STATE, type VerifiedKeyCertificate } from './key-certificate.ts';
import { schemesConflict } from './scheme-conflict.ts';
import { assertValidAt } from './validity.ts';

/** One key with every certificate of its state for it: a renewed certificate stands beside the old one. */
interface KnownKey {
  readonly kid: Uint8Array;
  readonly usage: KeyUsage;
  readonly charter: VerifiedCharter;
  readonly certificates: readonly VerifiedKeyCertificate[];
}

/**
 * The keys of the states that a node, or the reader of a dossier, knows. It is given verified documents only and refuses
 * those that contradict what it already holds; a refused addition changes nothing.
 */
export class KeyDirectory {
  readonly #charters = new Map<StateId, VerifiedCharter>();
  readonly #codes = new Map<StateCode, StateId>();
  readonly #rootKids = new Set<string>();
  readonly #certificates = new Map<string, VerifiedKeyCertificate>();
  readonly #keys = new Map<number, readonly KnownKey[]>();
  readonly #counts = new Map<StateId, number>();

  /**
   * Adds a state with key certificates, or further certificates of a state that is already here.
   *
   * @param dropped certificates of the state to be forgotten, if the addition is not refused: nothing is resolved by
   *   them any more
   * @throws Fault `identity.code-taken`, `identity.scheme-taken`, `identity.wrong-issuer`, `identity.key-reused`,
   *   `identity.certificate-id-reused`, `identity.too-many-certificates`
   */
  add(
    charter: VerifiedCharter,
    certificates: readonly VerifiedKeyCertificate[],
    dropped: readonly VerifiedKeyCertificate[] = [],
  ): void {
    if (!this.#charters.has(charter.state)) this.#assertNewState(charter);
    const added = new Map<string, VerifiedKeyCertificate>();
    const usages = new Map<string, KeyUsage>();
    for (const certificate of certificates) {
      const id = idOf(certificate);
      if (
        this.#assertNewCertificate(charter, certificate, added.get(id) ?? this.#certificates.get(id), usages)
      ) {
        added.set(id, certificate);
      }
    }
    const gone = dropped.flatMap((certificate) => {
      const known = this.#certificates.get(idOf(certificate));
      const isKnown = certificate.issuer === charter.state && known !== undefined;
      return isKnown && equalBytes(known.bytes, certificate.bytes) ? [known] : [];
    });
    const count = (this.#counts.get(charter.state) ?? 0) + added.size - gone.length;
    if (count > MAX_CERTIFICATES_PER_STATE) {
      throw new Fault(
        'identity.too-many-certificates',
        `expected at most ${MAX_CERTIFICATES_PER_STATE} certificates of a state`,
        { fields: { state: charter.state, count } },
      );
    }

    this.#counts.set(charter.state, count);
    this.#charters.set(charter.state, charter);
    this.#codes.set(charter.code, charter.state);
    for (const key of charter.rootKeys) this.#rootKids.add(toHex(keyThumbprint(key)));
    for (const [id, certificate] of added) {
      this.#certificates.set(id, certificate);
      this.#enter(charter, certificate);
    }
    for (const certificate of gone) {
      this.#certificates.delete(idOf(certificate));
      this.#leave(certificate);
    }
  }

  /**
   * The certificate of a key for a usage at a time: the one judgement on whether a signature counts. Of several that are
   * valid it is the one that began first, and of these the one with the lowest id (charter.md 6.6). Constant time in the
   * number of keys.
   *
   * @param kid COSE key thumbprint, 32 bytes
   * @param atSeconds UTC seconds
   * @param holder the state that must hold the key: that of another is then as unknown as one that nobody has shown
   * @throws Fault `identity.unknown-key`, `identity.wrong-usage`, `identity.not-yet-valid`, `identity.expired`,
   *   `identity.charter-expired`
   */
  resolve(kid: Uint8Array, usage: KeyUsage, atSeconds: number, holder?: StateId): VerifiedKeyCertificate {
    const known = this.#find(kid);
    if (known === undefined || (holder !== undefined && known.charter.state !== holder))
      throw new Fault('identity.unknown-key', 'no certificate of a known state is for this key');
    if (known.usage !== usage) {
      throw new Fault('identity.wrong-usage', `expected a key for ${usage}, got one for ${known.usage}`, {
        fields: { state: known.charter.state, expected: usage, got: known.usage },
      });
    }
    const expiresAtSeconds = known.charter.expiresAtSeconds;
    if (expiresAtSeconds !== undefined && !(atSeconds < expiresAtSeconds)) {
      throw new Fault('identity.charter-expired', 'the charter behind the certificate has expired', {
        fields: { state: known.charter.state, expiresAtSeconds, atSeconds },
      });
    }
    for (const certificate of known.certificates) {
      if (atSeconds >= certificate.notBeforeSeconds && atSeconds < certificate.notAfterSeconds)
        return certificate;
    }
    // None fits: the reason is told from the one that comes closest, the last that had begun, else the first to begin.
    const begun = known.certificates.findLast(({ notBeforeSeconds }) => atSeconds >= notBeforeSeconds);
    const closest = (begun ?? known.certificates[0]) as VerifiedKeyCertificate;
    assertValidAt(closest, atSeconds);
    return closest;
  }

  /** The charter of a state, if it is known. */
  charterOf(state: StateId): VerifiedCharter | undefined {
    return this.#charters.get(state);
  }

  /**
   * Whether a key is taken: a root key of a known state, now or next, or certified by one. Such a key is nobody's but that
   * state's, and for nothing but its use.
   *
   * @param kid COSE key thumbprint, 32 bytes
   */
  isTaken(kid: Uint8Array): boolean {
    if (this.#rootKids.has(toHex(kid)) || this.#find(kid) !== undefined) return true;
    const isKid = (digest: Uint8Array): boolean => equalBytes(digest, kid);
    return [...this.#charters.values()].some(({ nextKeyDigests }) => nextKeyDigests.some(isKid));
  }

  /** The state with a code, if it is known; codes are unique in a directory. */
  stateOf(code: StateCode): StateId | undefined {
    return this.#codes.get(code);
  }

  /** The known states, in the order in which they were added. */
  statesKnown(): readonly StateId[] {
    return [...this.#charters.keys()];
  }

  #assertNewState(charter: VerifiedCharter): void {
    if (this.#codes.has(charter.code)) {
      throw new Fault('identity.code-taken', `the code ${charter.code} is already that of another state`);
    }
    for (const other of this.#charters.values()) {
      // domain.md §1.6: levels are never compared by name, so two schemes never share one.
      if (schemesConflict(charter.scheme, other.scheme)) {
        throw new Fault('identity.scheme-taken', 'another state has a different scheme under this id', {
          fields: { scheme: charter.scheme.id },
        });
      }
    }
    for (const key of charter.rootKeys) {
      const kid = keyThumbprint(key);
      if (this.#rootKids.has(toHex(kid)) || this.#find(kid) !== undefined)
        throw reused('a root key of the charter');
    }
  }

  /** Whether the certificate is new; throws where it contradicts what is known or what is added with it. */
  #assertNewCertificate(
    charter: VerifiedCharter,
    certificate: VerifiedKeyCertificate,
    namesake: VerifiedKeyCertificate | undefined,
    usages: Map<string, KeyUsage>,
  ): boolean {
    if (certificate.issuer !== charter.state) {
      throw new Fault(
        'identity.wrong-issuer',
        'a certificate names another state as issuer than the charter is of',
      );
    }
    if (namesake !== undefined) {
      if (equalBytes(namesake.bytes, certificate.bytes)) return false;
      throw new Fault('identity.certificate-id-reused', 'another certificate of the state has this id');
    }
    // formats.md §7.18: one key, one usage, one holder.
    const kid = toHex(certificate.kid);
    const known = this.#find(certificate.kid);
    const usage = usages.get(kid) ?? known?.usage ?? certificate.usage;
    if (usage !== certificate.usage || (known !== undefined && known.charter.state !== charter.state)) {
      throw reused('the key of a certificate');
    }
    if (this.#rootKids.has(kid)) throw reused('the key of a certificate');
    usages.set(kid, usage);
    return true;
  }

  #enter(charter: VerifiedCharter, certificate: VerifiedKeyCertificate): void {
    const prefix = prefixOf(certificate.kid);
    const bucket = this.#keys.get(prefix) ?? [];
    const known = bucket.find(({ kid }) => equalBytes(kid, certificate.kid));
    const certificates = [...(known?.certificates ?? []), certificate];
    certificates.sort(inOrderOfPrecedence);
    const entry: KnownKey = { kid: certificate.kid, usage: certificate.usage, charter, certificates };
    this.#keys.set(prefix, [...bucket.filter((other) => other !== known), entry]);
  }

  #leave(certificate: VerifiedKeyCertificate): void {
    const prefix = prefixOf(certificate.kid);
    const bucket = (this.#keys.get(prefix) ?? []).flatMap((known): KnownKey[] => {
      if (!equalBytes(known.kid, certificate.kid)) return [known];
      const certificates = known.certificates.filter((each) => each !== certificate);
      return certificates.length === 0 ? [] : [{ ...known, certificates }];
    });
    if (bucket.length === 0) this.#keys.delete(prefix);
    else this.#keys.set(prefix, bucket);
  }

  #find(kid: Uint8Array): KnownKey | undefined {
    if (kid.length !== KID_BYTES) return undefined;
    for (const known of this.#keys.get(prefixOf(kid)) ?? NO_KEYS) {
      if (equalBytes(known.kid, kid)) return known;
    }
    return undefined;
  }
}

const KID_BYTES = 32;
const NO_KEYS: readonly KnownKey[] = [];

/**
 * The first 30 bits of a thumbprint, as a number that engines hash without allocating: no text is made for a look-up.
 * Keys that share them, each of which takes 2^30 attempts to make, are told apart by the whole thumbprint.
 */
function prefixOf(kid: Uint8Array): number {
  const at = (index: number): number => kid[index] as number;
  return (at(0) << 22) | (at(1) << 14) | (at(2) << 6) | (at(3) >> 2);
}

/** charter.md 6.6: what a key may sign does not depend on which of its certificates was learned first. */
function inOrderOfPrecedence(a: VerifiedKeyCertificate, b: VerifiedKeyCertificate): number {
  const difference = a.notBeforeSeconds - b.notBeforeSeconds;
  if (difference !== 0) return difference;
  return toHex(a.certificateId) < toHex(b.certificateId) ? -1 : 1;
}

function idOf({ issuer, certificateId }: VerifiedKeyCertificate): string {
  return `${issuer}/${toHex(certificateId)}`;
}

function reused(what: string): Fault {
  return new Fault('identity.key-reused', `${what} already has another usage or another holder`);
}
