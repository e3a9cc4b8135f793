import { toHex } from '@comity/digest';
import { isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { CLOCK_SKEW_SECONDS } from '@comity/record';
import type { Known } from './known.ts';
import type { NoteKey, NoteKeys, ReadProof } from './proof.ts';
import type { CosignedBy } from './report.ts';
import { attempt, failed, notDone, type Outcome } from './steps.ts';

/** A checkpoint that keys of its log have signed. */
export interface Opened {
  readonly proof: ReadProof;
  readonly logKeys: readonly NoteKey[];
}

/** dossier.md 3.7: every line of a known key of the log is good, and there is one. */
export function openedBy(proof: ReadProof, logKeys: NoteKeys): Outcome<Opened> {
  const claimed = proof.lines.filter((line) => logKeys.claimedBy(line).length > 0);
  if (claimed.length === 0) return notDone('no-certificate');
  return attempt('dossier.checkpoint-refused', () => ({
    proof,
    logKeys: [...new Set(claimed.map((line) => logKeys.signedBy(line, proof.text).key))],
  }));
}

/** The checkpoints of a file that were opened, whatever they were brought for (dossier.md 5.13). */
export class Histories {
  readonly #roots = new Map<string, Set<string>>();

  constructor(openings: readonly (Outcome<Opened> | undefined)[]) {
    for (const opening of openings) {
      if (opening?.status !== 'done') continue;
      const { checkpoint } = opening.value.proof;
      const place = placeOf(opening.value);
      this.#roots.set(place, (this.#roots.get(place) ?? new Set()).add(toHex(checkpoint.root)));
    }
  }

  /** A checkpoint that was opened, unless another one of its log has the same size and another root. */
  alone(opening: Outcome<Opened>): Outcome<Opened> {
    if (opening.status !== 'done') return opening;
    const roots = this.#roots.get(placeOf(opening.value));
    return roots !== undefined && roots.size > 1 ? failed('dossier.two-histories') : opening;
  }
}

function placeOf({ proof: { checkpoint } }: Opened): string {
  return `${checkpoint.size} ${checkpoint.origin}`;
}

/** With what cosignatures are judged: keys, and the times between which they count. */
export interface CosignatureRule {
  readonly known: Known;
  readonly witnesses: NoteKeys;
  readonly issuer: StateId;
  readonly issuedAtSeconds: number;
  /** When the verifier asks. */
  readonly atSeconds: number;
}

/** Of each state but the issuer, its earliest cosignature that counts (dossier.md 5.8). Each line is judged by itself. */
export function countedOf({ lines, text }: ReadProof, rule: CosignatureRule): readonly CosignedBy[] {
  const { known, witnesses, issuer, issuedAtSeconds, atSeconds } = rule;
  const earliest = new Map<StateId, number>();
  for (const line of lines) {
    const isClaimed = witnesses.claimedBy(line).length > 0;
    const signed = isClaimed ? madeBy(() => witnesses.signedBy(line, text)) : undefined;
    if (signed?.atSeconds === undefined) continue;
    const { key, atSeconds: time } = signed;
    const state = key.certificate.issuer;
    if (state === issuer || time > atSeconds + CLOCK_SKEW_SECONDS) continue;
    if (time < issuedAtSeconds - CLOCK_SKEW_SECONDS || !isValidAt(known, key, time)) continue;
    earliest.set(state, Math.min(time, earliest.get(state) ?? time));
  }
  return [...earliest]
    .map(([state, time]) => ({ state, atSeconds: time }))
    .toSorted((a, b) => (a.state < b.state ? -1 : 1));
}

/** What a line was made by; nothing where it does not verify. */
function madeBy<T>(verify: () => T): T | undefined {
  try {
    return verify();
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    return undefined;
  }
}

/** dossier.md 3.8, 3.9. @param trustedSeconds a time at which the line was there by the word of a quorum */
export function isValidAt(
  known: Known,
  { certificate: { kid } }: NoteKey,
  timeSeconds: number,
  trustedSeconds?: number,
): boolean {
  return known.validAt(kid, timeSeconds).length > 0 && known.standsBy(kid, timeSeconds, trustedSeconds);
}
