import { equalBytes, fromHex, toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { StateCode, StateId } from '@comity/label';

import type { VerifiedCharter } from './charter.ts';
import { longerChain, rootKidsOf } from './charter-chain.ts';
import { delegatorsOf } from './delegation.ts';
import { type KeyUsage, MAX_CERTIFICATES_PER_STATE, type VerifiedKeyCertificate } from './key-certificate.ts';
import type { VerifiedKeyState } from './key-state.ts';
import { KnownKeys } from './known-keys.ts';
import { currentKeyState } from './newer-key-state.ts';
import { schemesConflict } from './scheme-conflict.ts';
import { assertStanding, LIVE, NOT_LISTED, type Standing, standingBelow, standingsOf } from './standing.ts';
import { assertValidAt } from './validity.ts';

/** Further things that are said of the keys of a state. */
export interface KeyNews {
  /** Certificates of the state to be forgotten, if the addition is not refused: nothing is resolved by them any more. */
  readonly dropped?: readonly VerifiedKeyCertificate[];
  readonly keyState?: VerifiedKeyState | undefined;
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
  readonly #keys = new KnownKeys();
  readonly #counts = new Map<StateId, number>();
  readonly #keyStates = new Map<StateId, VerifiedKeyState>();
  #revision = 0;

  /**
   * Adds a state with key certificates, or what is new of a state that is already here.
   *
   * @throws Fault `identity.code-taken`, `identity.scheme-taken`, `identity.wrong-issuer`, `identity.key-reused`,
   *   `identity.certificate-id-reused`, `identity.too-many-certificates`, `identity.charters-contradict`,
   *   `identity.key-states-contradict`
   */
  add(
    charter: VerifiedCharter,
    certificates: readonly VerifiedKeyCertificate[],
    { dropped = [], keyState }: KeyNews = {},
  ): void {
    const { state } = charter;
    const current = this.#currentCharter(charter);
    const counting = currentKeyState(current, this.#keyStates.get(state), keyState);
    const rootKids = rootKidsOf(current);
    const added = new Map<string, VerifiedKeyCertificate>();
    const usages = new Map<string, string>();
    for (const certificate of certificates) {
      const id = idOf(certificate);
      const namesake = added.get(id) ?? this.#certificates.get(id);
      if (this.#assertNewCertificate(state, certificate, namesake, usages)) added.set(id, certificate);
    }
    if (rootKids.some((kid) => usages.has(kid))) throw reused('the key of a certificate');
    const gone = dropped.flatMap((certificate) => {
      const known = this.#certificates.get(idOf(certificate));
      const isKnown = certificate.issuer === state && known !== undefined;
      return isKnown && equalBytes(known.bytes, certificate.bytes) ? [known] : [];
    });
    const count = (this.#counts.get(state) ?? 0) + added.size - gone.length;
    if (count > MAX_CERTIFICATES_PER_STATE) {
      throw new Fault(
        'identity.too-many-certificates',
        `expected at most ${MAX_CERTIFICATES_PER_STATE} certificates of a state`,
        { fields: { state, count } },
      );
    }

    this.#revision += 1;
    this.#counts.set(state, count);
    this.#charters.set(state, current);
    this.#codes.set(current.code, state);
    for (const kid of rootKids) this.#rootKids.add(kid);
    for (const [id, certificate] of added) {
      this.#certificates.set(id, certificate);
      this.#keys.enter(certificate);
    }
    for (const certificate of gone) {
      this.#certificates.delete(idOf(certificate));
      this.#keys.leave(certificate);
    }
    if (counting === undefined) this.#keyStates.delete(state);
    else this.#keyStates.set(state, counting);
    if (counting !== undefined || current.version > 1) this.#judge(state);
  }

  /**
   * The certificate of a key for a usage at a time: the one judgement on whether a signature counts. Of several that are
   * valid it is the one that began first, and of these the one with the lowest id (charter.md 6.6). Constant time in the
   * number of keys.
   *
   * @param kid COSE key thumbprint, 32 bytes
   * @param atSeconds UTC seconds
   * @param holder the state that must hold the key: that of another is then as unknown as one that nobody has shown
   * @param trustedSeconds a time at which the signature was there by the word of others than its signer (key-state.md 4.4)
   * @throws Fault `identity.unknown-key`, `identity.wrong-usage`, `identity.not-yet-valid`, `identity.expired`,
   *   `identity.charter-expired`, `identity.key-not-listed`, `identity.key-superseded`, `identity.key-revoked`,
   *   `identity.delegator-not-listed`, `identity.delegator-superseded`, `identity.delegator-revoked`
   */
  resolve(
    kid: Uint8Array,
    usage: KeyUsage,
    atSeconds: number,
    holder?: StateId,
    trustedSeconds?: number,
  ): VerifiedKeyCertificate {
    const known = this.#keys.find(kid);
    if (known === undefined || (holder !== undefined && known.state !== holder))
      throw new Fault('identity.unknown-key', 'no certificate of a known state is for this key');
    const { state } = known;
    if (known.usage !== usage) {
      throw new Fault('identity.wrong-usage', `expected a key for ${usage}, got one for ${known.usage}`, {
        fields: { state, expected: usage, got: known.usage },
      });
    }
    const expiresAtSeconds = this.#charters.get(state)?.expiresAtSeconds;
    if (expiresAtSeconds !== undefined && !(atSeconds < expiresAtSeconds)) {
      throw new Fault('identity.charter-expired', 'the charter behind the certificate has expired', {
        fields: { state, expiresAtSeconds, atSeconds },
      });
    }
    assertStanding(known.standing, atSeconds, trustedSeconds);
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

  /** Another number after each addition: what was resolved before may resolve otherwise. */
  get revision(): number {
    return this.#revision;
  }

  /** The charter of a state, if it is known. */
  charterOf(state: StateId): VerifiedCharter | undefined {
    return this.#charters.get(state);
  }

  /** The key state of a state that counts, if any is known. */
  keyStateOf(state: StateId): VerifiedKeyState | undefined {
    return this.#keyStates.get(state);
  }

  /** What a state says of a key that it has certified; undefined of a key that is not known. */
  standingOf(kid: Uint8Array): Standing | undefined {
    return this.#keys.find(kid)?.standing;
  }

  /**
   * Whether a key is taken: a root key of a known state, now or next, or certified by one. Such a key is nobody's but that
   * state's, and for nothing but its use.
   *
   * @param kid COSE key thumbprint, 32 bytes
   */
  isTaken(kid: Uint8Array): boolean {
    if (this.#rootKids.has(toHex(kid)) || this.#keys.find(kid) !== undefined) return true;
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

  /** The charter that counts from then on: the one that stands on the other. */
  #currentCharter(charter: VerifiedCharter): VerifiedCharter {
    const known = this.#charters.get(charter.state);
    if (known === undefined) this.#assertNewState(charter);
    const current = known === undefined ? charter : longerChain(known, charter);
    for (const kid of rootKidsOf(current)) {
      const isOurs = known !== undefined && rootKidsOf(known).includes(kid);
      const isKnown = this.#rootKids.has(kid) || this.#keys.find(fromHex(kid)) !== undefined;
      if (isKnown && !isOurs) throw reused('a root key of the charter');
    }
    return current;
  }

  #judge(state: StateId): void {
    const keyState = this.#keyStates.get(state);
    const version = this.#charters.get(state)?.version;
    const standing = keyState === undefined ? undefined : standingsOf(keyState);
    // Whoever has stolen former root keys can certify with them what no key state names (key-state.md 4.2).
    this.#keys.judge(state, ({ kid, certificates }) => {
      const [first] = certificates;
      const above = first === undefined ? [] : delegatorsOf(first).map((each) => each.kid);
      if (standing !== undefined) {
        // A delegated key need not be listed: the one that root keys have certified is, at the top (key-state.md 4.8).
        const chain = [kid, ...above].map(
          (each, place) => standing(each) ?? (place < above.length ? LIVE : NOT_LISTED),
        );
        return standingBelow(chain[0] ?? NOT_LISTED, chain.slice(1));
      }
      const isCurrent = certificates.every(({ charterVersion }) => charterVersion === version);
      return isCurrent ? LIVE : NOT_LISTED;
    });
  }

  #assertNewState(charter: VerifiedCharter): void {
    if (this.#codes.has(charter.code)) {
      throw new Fault('identity.code-taken', `the code ${charter.code} is already that of another state`);
    }
    // domain.md §1.6: levels are never compared by name, so two schemes never share one.
    if ([...this.#charters.values()].some(({ scheme }) => schemesConflict(charter.scheme, scheme))) {
      throw new Fault('identity.scheme-taken', 'another state has a different scheme under this id', {
        fields: { scheme: charter.scheme.id },
      });
    }
  }

  /** Whether the certificate is new; throws where it contradicts what is known or what is added with it. */
  #assertNewCertificate(
    state: StateId,
    certificate: VerifiedKeyCertificate,
    namesake: VerifiedKeyCertificate | undefined,
    usages: Map<string, string>,
  ): boolean {
    if (certificate.issuer !== state) {
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
    const known = this.#keys.find(certificate.kid);
    const use = useOf(certificate);
    const [first] = known?.certificates ?? [];
    const usage = usages.get(kid) ?? (first === undefined ? use : useOf(first));
    if (usage !== use || (known !== undefined && known.state !== state))
      throw reused('the key of a certificate');
    if (this.#rootKids.has(kid)) throw reused('the key of a certificate');
    usages.set(kid, use);
    return true;
  }
}

function idOf({ issuer, certificateId }: VerifiedKeyCertificate): string {
  return `${issuer}/${toHex(certificateId)}`;
}

/** What a key is for and through whom: another delegate for the same key would be another holder (charter.md 6.3). */
function useOf(certificate: VerifiedKeyCertificate): string {
  return [certificate.usage, ...delegatorsOf(certificate).map(({ kid }) => toHex(kid))].join('/');
}

function reused(what: string): Fault {
  return new Fault('identity.key-reused', `${what} already has another usage or another holder`);
}
