import {
  type Expected,
  type KnownOfficer,
  OfficerDirectory,
  readAct,
  type VerifiedOfficer,
  verifyAct,
  verifyRootAct,
} from '@comity/approval';
import { sha256, sha256Hex } from '@comity/digest';
import { isFault } from '@comity/fault';
import type { VerifiedCharter } from '@comity/identity';

/** The act by which somebody is made an officer; its subject is the digest of the certificate (approval.md §9). */
export const ENROL = 'officer.enrol';
/** The act by which he is ended. */
export const END = 'officer.end';

/** How many administrators it takes where there are as many. */
const ADMINISTRATORS = 2;

/** Somebody has signed something about an officer; in the order in which it was taken in. */
export interface RosterAct {
  /** Digest of the certificate that it is about, in hexadecimal. */
  readonly about: string;
  /** As signed. */
  readonly bytes: Uint8Array;
}

/** Digest of a certificate, in hexadecimal: two for one key are two. */
export function aboutOf({ bytes }: Pick<VerifiedOfficer, 'bytes'>): string {
  return sha256Hex(bytes);
}

/** What has to be signed about an officer. */
export function expectedOf({ bytes }: Pick<VerifiedOfficer, 'bytes'>, act: string): Expected {
  return { act, subject: sha256(bytes) };
}

/**
 * Who of the officers of a state is one by what others have signed: as many root keys of a charter as it asks for, or two of the
 * administrators who were proven before and in force then; one where there was one. Pure: the acts are judged in their order, and
 * one that does not verify says nothing.
 *
 * @param officers all with a certificate of the state; whether they are proven is not looked at
 * @returns digests of the certificates that are proven, in hexadecimal
 */
export function provenOfficers(
  officers: readonly KnownOfficer[],
  acts: readonly RosterAct[],
  charter: VerifiedCharter,
): ReadonlySet<string> {
  const byDigest = new Map(officers.map((known) => [aboutOf(known.officer), known]));
  const administrators = new OfficerDirectory(charter.state);
  const proven = new Set<string>();
  const quorums = new Map<string, Quorum>();
  for (const { about, bytes } of acts) {
    const known = byDigest.get(about);
    if (known === undefined || proven.has(about)) continue;
    const quorum = quorums.get(about) ?? new Quorum();
    quorums.set(about, quorum);
    if (!quorum.take(bytes, expectedOf(known.officer, ENROL), administrators, charter)) continue;
    proven.add(about);
    if (known.officer.roles.includes('administrator'))
      administrators.add(known.officer, known.endedAtSeconds);
  }
  return proven;
}

/** Ids of the administrators who are proven and in force. @param atSeconds UTC seconds */
export function administratorsAt(officers: OfficerDirectory, atSeconds: number): readonly string[] {
  const ids = new Set(
    officers
      .list()
      .filter(({ officer }) => officer.roles.includes('administrator'))
      .map(({ officer }) => officer.id),
  );
  return [...ids].filter((id) => officers.inForce(id, atSeconds)?.officer.roles.includes('administrator'));
}

/** Who has signed one thing so far: root keys, by charter, and administrators, each person once. */
export class Quorum {
  readonly #roots = new Map<number, Set<string>>();
  readonly #administrators = new Set<string>();
  readonly #most: number;

  /** @param most how many administrators it takes at most */
  constructor(most = ADMINISTRATORS) {
    this.#most = most;
  }

  /** Who has signed, for people. */
  get signers(): readonly string[] {
    const roots = [...this.#roots.values()].flatMap((kids) =>
      [...kids].map((kid) => `root key ${kid.slice(0, 16)}`),
    );
    return [...roots, ...this.#administrators];
  }

  /**
   * Takes in an act.
   *
   * @param officers those who can be administrators
   * @returns whether it is enough now
   */
  take(bytes: Uint8Array, expected: Expected, officers: OfficerDirectory, charter: VerifiedCharter): boolean {
    try {
      if (readAct(bytes).officer === undefined) {
        const { kid, charterVersion, threshold } = verifyRootAct(bytes, charter, expected);
        const kids = this.#roots.get(charterVersion) ?? new Set();
        this.#roots.set(charterVersion, kids.add(kid));
        return kids.size >= threshold;
      }
      const { officer, known, atSeconds } = verifyAct(bytes, officers, expected);
      const there = administratorsAt(officers, atSeconds);
      if (!known.officer.roles.includes('administrator') || !there.includes(officer)) return false;
      this.#administrators.add(officer);
      return this.#administrators.size >= Math.min(this.#most, there.length);
    } catch (error) {
      if (isFault(error)) return false;
      throw error;
    }
  }
}
