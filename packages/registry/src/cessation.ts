import type { RecordHeader } from '@comity/record';

/** Why a record has ceased, in the order in which causes of one time count. */
const CAUSES = ['retracted', 'superseded', 'expired'] as const;

export type CessationCause = (typeof CAUSES)[number];

export interface Cessation {
  readonly cause: CessationCause;
  readonly atSeconds: number;
}

/**
 * When records cease, by what their issuers say of them in other records (record-types.md 8.8). A link between records of
 * two issuers has no effect (record.md 3.6).
 */
export class Cessations {
  /** The first cessation of each record that others say anything of. */
  private readonly first = new Map<string, Cessation>();
  private readonly atSeconds: number;

  /**
   * @param headers those of all records whose links have effect at `atSeconds`
   * @param atSeconds what ceases later has not ceased; default: whenever that is
   */
  constructor(headers: Iterable<RecordHeader>, atSeconds = Number.POSITIVE_INFINITY) {
    this.atSeconds = atSeconds;
    for (const { issuer, issuedAtSeconds, supersedes, retracts } of headers) {
      if (retracts !== undefined)
        this.add(issuer, retracts, { cause: 'retracted', atSeconds: issuedAtSeconds });
      for (const id of supersedes) this.add(issuer, id, { cause: 'superseded', atSeconds: issuedAtSeconds });
    }
  }

  /** Undefined for a record that has not ceased. */
  of({ issuer, id, expiresAtSeconds }: RecordHeader): Cessation | undefined {
    const linked = this.first.get(`${issuer}/${id}`);
    if (expiresAtSeconds === undefined || expiresAtSeconds > this.atSeconds) return linked;
    const expired: Cessation = { cause: 'expired', atSeconds: expiresAtSeconds };
    return linked === undefined || byTimeAndCause(expired, linked) < 0 ? expired : linked;
  }

  private add(issuer: string, id: string, cessation: Cessation): void {
    if (cessation.atSeconds > this.atSeconds) return;
    const key = `${issuer}/${id}`;
    const known = this.first.get(key);
    if (known === undefined || byTimeAndCause(cessation, known) < 0) this.first.set(key, cessation);
  }
}

function byTimeAndCause(a: Cessation, b: Cessation): number {
  return a.atSeconds - b.atSeconds || CAUSES.indexOf(a.cause) - CAUSES.indexOf(b.cause);
}
