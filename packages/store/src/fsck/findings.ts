import { type FaultCode, type FaultField, isFault } from '@comity/fault';

/** Something that is not as it should be. */
export interface Finding {
  readonly code: FaultCode;
  readonly message: string;
  /** Where: never content. */
  readonly fields: Readonly<Record<string, FaultField>>;
}

/** Findings that a report holds in full; the rest is counted. */
const MAX_FINDINGS = 1_000;

/** Collects what the steps of a check find. */
export class Findings {
  readonly list: Finding[] = [];
  count = 0;

  add(code: FaultCode, message: string, fields: Readonly<Record<string, FaultField>> = {}): void {
    this.count += 1;
    if (this.list.length < MAX_FINDINGS) this.list.push({ code, message, fields });
  }

  /** Takes a fault for a finding; anything else is thrown on. */
  addThrown(thrown: unknown, fields: Readonly<Record<string, FaultField>> = {}): void {
    // A store that has stopped or is closed cannot be judged.
    if (!isFault(thrown) || thrown.code === 'store.stopped' || thrown.code === 'store.closed') throw thrown;
    this.add(thrown.code, thrown.message, { ...thrown.fields, ...fields });
  }

  /** Runs a part of a check whose failure is itself a finding. */
  async attempt(fields: Readonly<Record<string, FaultField>>, part: () => Promise<void>): Promise<void> {
    try {
      await part();
    } catch (thrown) {
      this.addThrown(thrown, fields);
    }
  }
}
