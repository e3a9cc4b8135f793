import { keyThumbprint } from '@comity/cose';
import { toHex } from '@comity/digest';
import { isFault } from '@comity/fault';
import {
  isOfVerifier,
  type NoteVerifier,
  ownWitnessOf,
  type QuorumPolicy,
  quorumTime,
  type SignatureLine,
  verifyLine,
} from '@comity/log';
import { CLOCK_SKEW_SECONDS } from '@comity/record';
import type { Known } from './known.ts';
import type { ReadProof } from './proof.ts';

/** What the policy of a verifier makes of the cosignatures of a checkpoint (dossier.md 5.10). */
export interface Quorum {
  readonly isReached: boolean;
  /** The trusted time of everything in its tree; undefined where there is none. */
  readonly trustedSeconds: number | undefined;
}

/** Judges the checkpoints of a file by one policy. Lines that many proofs share are verified once. */
export class QuorumBench {
  readonly #policy: QuorumPolicy;
  readonly #known: Known;
  readonly #notAfterSeconds: number;
  readonly #times = new Map<string, number | undefined>();

  /** @param atSeconds when the verifier asks */
  constructor(policy: QuorumPolicy, known: Known, atSeconds: number) {
    this.#policy = policy;
    this.#known = known;
    this.#notAfterSeconds = atSeconds + CLOCK_SKEW_SECONDS;
  }

  judge({ lines, text, checkpoint }: ReadProof): Quorum {
    const own = ownWitnessOf(checkpoint.origin);
    const times = new Map<NoteVerifier, number>();
    for (const line of lines) {
      const witness = this.#policy.witnesses.find((each) => isOfVerifier(line, each));
      if (witness === undefined || witness.name === own) continue;
      const time = this.#timeOf(line, text, witness);
      if (time === undefined || time > this.#notAfterSeconds) continue;
      // Whoever has a stolen key can write any time into a line of it.
      if (!this.#known.standsBy(keyThumbprint(witness.publicKey), time)) continue;
      times.set(witness, Math.min(time, times.get(witness) ?? time));
    }
    const trustedSeconds = quorumTime(this.#policy, times);
    return { isReached: this.#policy.quorum === undefined || trustedSeconds !== undefined, trustedSeconds };
  }

  /** Undefined where the line does not verify: one that anybody has put in takes nothing away (log.md 4.5). */
  #timeOf(line: SignatureLine, text: string, witness: NoteVerifier): number | undefined {
    const place = `${toHex(line.keyId)} ${line.name} ${toHex(line.signature)}\n${text}`;
    if (!this.#times.has(place)) this.#times.set(place, verifiedTime(line, text, witness));
    return this.#times.get(place);
  }
}

function verifiedTime(line: SignatureLine, text: string, witness: NoteVerifier): number | undefined {
  try {
    return verifyLine(line, text, witness);
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    return undefined;
  }
}
