import { type FaultCode, isFault } from '@comity/fault';

/** Steps of a record, in the order of dossier.md §5. */
export type RecordStep =
  | 'form'
  | 'issuer'
  | 'key'
  | 'signature'
  | 'authority'
  | 'parts'
  | 'inclusion'
  | 'checkpoint'
  | 'cosignatures'
  | 'quorum'
  | 'standing'
  | 'currency'
  | 'delegation';

/** Steps of a notification, in the order of dossier.md §6. */
export type NotificationStep =
  | 'entry'
  | 'record'
  | 'inclusion'
  | 'sender'
  | 'checkpoint'
  | 'recipient'
  | 'receipt'
  | 'consent';

/** Why a step was not done (dossier.md 3.4). */
export type NotDone =
  | 'earlier-step'
  | 'no-anchor'
  | 'no-charter'
  | 'contradiction'
  | 'no-certificate'
  | 'no-certificate-then'
  | 'no-delegation-then'
  | 'later-than-asked'
  | 'no-proof'
  | 'no-record'
  | 'key-time'
  | 'log-generation'
  | 'no-cosignature'
  | 'before-entry'
  | 'no-policy'
  | 'no-quorum'
  | 'no-key-state'
  | 'not-listed'
  | 'revoked-time-unknown'
  | 'stale-key-state'
  | 'no-consent'
  | 'consent-time';

/** What a check came to. */
export type Outcome<T> =
  | { readonly status: 'done'; readonly value: T }
  | {
      readonly status: 'failed';
      readonly code: FaultCode;
      /** Code of the rule that was found broken first, where another chapter has one. Which of several it is, is open. */
      readonly cause?: FaultCode;
    }
  | { readonly status: 'not-done'; readonly why: NotDone };

/** One line of a report: a step with what it came to. */
export type Step<Name extends string> =
  | { readonly step: Name; readonly status: 'done' }
  | {
      readonly step: Name;
      readonly status: 'failed';
      readonly code: FaultCode;
      readonly cause?: FaultCode;
    }
  | { readonly step: Name; readonly status: 'not-done'; readonly why: NotDone };

export function done<T>(value: T): Outcome<T> {
  return { status: 'done', value };
}

export function failed(code: FaultCode, cause?: FaultCode): Outcome<never> {
  return cause === undefined ? { status: 'failed', code } : { status: 'failed', code, cause };
}

export function notDone(why: NotDone): Outcome<never> {
  return { status: 'not-done', why };
}

/** Done with what a check returns, or failed with this code where it refuses. */
export function attempt<T>(code: FaultCode, check: () => T): Outcome<T> {
  try {
    return done(check());
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    return failed(code, thrown.code);
  }
}

/** The steps of one thing, each after those that it needs. None is left out. */
export class StepList<Name extends string> {
  readonly steps: Step<Name>[] = [];
  readonly #done = new Set<Name>();

  /** Takes a step; where one that it needs was not done, it is not done either. */
  take<T>(step: Name, needs: readonly Name[], check: () => Outcome<T>): T | undefined {
    const outcome = needs.every((need) => this.#done.has(need)) ? check() : notDone('earlier-step');
    if (outcome.status === 'done') {
      this.#done.add(step);
      this.steps.push({ step, status: 'done' });
      return outcome.value;
    }
    this.steps.push({ step, ...outcome });
    return undefined;
  }

  isDone(...steps: readonly Name[]): boolean {
    return steps.every((step) => this.#done.has(step));
  }

  /** Why a step that was taken is not done. */
  whyOf(step: Name): NotDone | undefined {
    const taken = this.steps.find((each) => each.step === step);
    return taken?.status === 'not-done' ? taken.why : undefined;
  }

  isFailed(step: Name): boolean {
    return this.steps.some((each) => each.step === step && each.status === 'failed');
  }

  get hasFailed(): boolean {
    return this.steps.some(({ status }) => status === 'failed');
  }
}
