import { sha256Hex } from '@comity/digest';
import { type CompiledPolicy, type Likened, LikenessBook, runningEmbargoes } from '@comity/disclosure';
import { isFault } from '@comity/fault';
import { isAboutRecord, type View } from '@comity/record';

/** Entries of books kept before beginning anew: tens of megabytes, reached by hostile variety only. */
const MAX_KEPT = 65_536;

/**
 * What several policies together can tell of a record: of likened parts in likened contexts each of them decides the same, for
 * whomever, unless something is known of the record beside what it says itself (statements of officers, consents, orders,
 * what was handed over of it).
 */
export interface RecordKind {
  /** Issuer, facts, envelope and exercise: a digest of what is told of them, the same in any thread. */
  readonly context: string;
  /** Each part that stands in no other, in the order of the view. */
  readonly roots: readonly string[];
}

/** Tells kinds of records apart, as they are at one time. */
export class KindBook {
  readonly #policies: readonly CompiledPolicy[];
  readonly #atSeconds: number;
  #likenesses: LikenessBook;
  /** Digests by the numbers of that of which they are. */
  readonly #digests = new Map<string, string>();

  /** @param atSeconds UTC seconds */
  constructor(policies: readonly CompiledPolicy[], atSeconds: number) {
    this.#policies = policies;
    this.#atSeconds = atSeconds;
    this.#likenesses = new LikenessBook(policies);
  }

  /** @returns null for a record that is to be decided about for itself */
  of(view: View): RecordKind | null {
    const { issuer, retracts, type } = view.header;
    // Whom what tells of another record concerns depends on the ledgers.
    if (retracts !== undefined || isAboutRecord(type)) return null;
    if (this.#likenesses.size + this.#digests.size > MAX_KEPT) this.#beginAnew();
    try {
      const found = this.#timesFor(view).map((atSeconds) => this.#likenesses.of(view, atSeconds));
      const contexts = found.map(({ context }) => context);
      const roots = found[0]?.roots ?? [];
      return {
        context: this.#digestOf(contexts, issuer),
        roots: roots.map((_, root) => this.#digestOf(found.map((each) => each.roots[root] as Likened))),
      };
    } catch (error) {
      // A label that cannot be followed in time: the decision says so.
      if (isFault(error)) return null;
      throw error;
    }
  }

  /** Now and when each embargo of a policy that runs is over: what happens then is told of as well. */
  #timesFor(view: View): number[] {
    const ends = this.#policies.flatMap((policy) =>
      runningEmbargoes(view, policy, this.#atSeconds).map(({ endSeconds }) => endSeconds),
    );
    return [this.#atSeconds, ...new Set(ends.sort((a, b) => a - b))];
  }

  #digestOf(likened: readonly Likened[], issuer = ''): string {
    const key = `${issuer} ${likened.map(({ number }) => number).join()}`;
    let digest = this.#digests.get(key);
    if (digest === undefined) {
      const texts = [issuer, ...likened.map(({ text }) => text)];
      digest = sha256Hex(new TextEncoder().encode(JSON.stringify(texts)));
      this.#digests.set(key, digest);
    }
    return digest;
  }

  #beginAnew(): void {
    this.#likenesses = new LikenessBook(this.#policies);
    this.#digests.clear();
  }
}
