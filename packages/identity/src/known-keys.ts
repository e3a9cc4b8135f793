import { equalBytes, toHex } from '@comity/digest';
import type { StateId } from '@comity/label';

import type { CertifiedUsage, VerifiedKeyCertificate } from './key-certificate.ts';
import { LIVE, type Standing } from './standing.ts';

/** One key with every certificate of its state for it: a renewed certificate stands beside the old one. */
export interface KnownKey {
  readonly kid: Uint8Array;
  readonly usage: CertifiedUsage;
  readonly state: StateId;
  readonly certificates: readonly VerifiedKeyCertificate[];
  /** What the state says of the key. */
  readonly standing: Standing;
}

const KID_BYTES = 32;
const NO_KEYS: readonly KnownKey[] = [];

/** Certificates by the keys that they are for. */
export class KnownKeys {
  readonly #keys = new Map<number, readonly KnownKey[]>();

  find(kid: Uint8Array): KnownKey | undefined {
    if (kid.length !== KID_BYTES) return undefined;
    for (const known of this.#keys.get(prefixOf(kid)) ?? NO_KEYS) {
      if (equalBytes(known.kid, kid)) return known;
    }
    return undefined;
  }

  enter(certificate: VerifiedKeyCertificate): void {
    const prefix = prefixOf(certificate.kid);
    const bucket = this.#keys.get(prefix) ?? [];
    const known = bucket.find(({ kid }) => equalBytes(kid, certificate.kid));
    const certificates = [...(known?.certificates ?? []), certificate];
    certificates.sort(inOrderOfPrecedence);
    const { kid, usage, issuer: state } = certificate;
    const entry: KnownKey = { kid, usage, state, certificates, standing: known?.standing ?? LIVE };
    this.#keys.set(prefix, [...bucket.filter((other) => other !== known), entry]);
  }

  leave(certificate: VerifiedKeyCertificate): void {
    const prefix = prefixOf(certificate.kid);
    const bucket = (this.#keys.get(prefix) ?? []).flatMap((known): KnownKey[] => {
      if (!equalBytes(known.kid, certificate.kid)) return [known];
      const certificates = known.certificates.filter((each) => each !== certificate);
      return certificates.length === 0 ? [] : [{ ...known, certificates }];
    });
    if (bucket.length === 0) this.#keys.delete(prefix);
    else this.#keys.set(prefix, bucket);
  }

  /** Asks anew how each key of a state stands. */
  judge(state: StateId, standingOf: (key: KnownKey) => Standing): void {
    for (const [prefix, bucket] of this.#keys) {
      if (!bucket.some((key) => key.state === state)) continue;
      this.#keys.set(
        prefix,
        bucket.map((key) => (key.state === state ? { ...key, standing: standingOf(key) } : key)),
      );
    }
  }
}

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
