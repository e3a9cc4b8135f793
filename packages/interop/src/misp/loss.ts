import mapping from '@comity/protocol/registries/misp-mapping.json' with { type: 'json' };
import { inOneLine } from './text.ts';

/** Why something of an event is not, or not as such, in the drafts: an entry of `reasons` in misp-mapping.json. */
export type LossReason = keyof typeof mapping.reasons;

/** One thing that an import could not carry over. */
export interface Loss {
  /** Where it stands in the event, for instance `Event.Attribute[3].data`; `[]` for every element alike. */
  readonly path: string;
  readonly reason: LossReason;
  /** What exactly, in one line of English. May quote the event, with misleading characters made visible. */
  readonly detail: string;
}

/** What people are told about a reason: what happened, and what they can do about it. */
export function explainLoss(reason: LossReason): { readonly summary: string; readonly remedy: string } {
  return mapping.reasons[reason];
}

/** Different paths that one loss report counts apart; a hostile event could otherwise name millions of keys. */
const MAX_COUNTED_PATHS = 1_000;

/** Longest path or detail. Bytes of UTF-8. */
const MAX_LOSS_TEXT_BYTES = 160;

interface Count {
  readonly reason: LossReason;
  values: number;
}

/** Collects losses: some one by one, others (the same key of every attribute) as a count. */
export class LossReport {
  readonly #losses: Loss[] = [];
  readonly #counts = new Map<string, Count>();
  #furtherKeys = 0;

  add(path: string, reason: LossReason, detail: string): undefined {
    this.#losses.push({ path, reason, detail: inOneLine(detail, MAX_LOSS_TEXT_BYTES) });
    return undefined;
  }

  /** @param path with `[]` in place of positions */
  count(path: string, reason: LossReason): void {
    const known = this.#counts.get(path);
    if (known !== undefined) known.values += 1;
    else if (this.#counts.size < MAX_COUNTED_PATHS) this.#counts.set(path, { reason, values: 1 });
    else this.#furtherKeys += 1;
  }

  /** What was lost, in the order in which it was found; what was counted comes last. */
  list(): readonly Loss[] {
    const counted = [...this.#counts].map(([path, { reason, values }]): Loss => {
      return { path: inOneLine(path, MAX_LOSS_TEXT_BYTES), reason, detail: valuesText(values) };
    });
    if (this.#furtherKeys > 0) {
      counted.push({
        path: '(further keys)',
        reason: 'unknown-key',
        detail: valuesText(this.#furtherKeys),
      });
    }
    return [...this.#losses, ...counted];
  }
}

function valuesText(values: number): string {
  return values === 1 ? '1 value' : `${values} values`;
}
