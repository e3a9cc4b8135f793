import type { FaultCode } from './codes.ts';
import { Fault, type FaultField, type FaultJson } from './fault.ts';

/** One fault of a document written by a person (draft, policy, configuration), with the place where it is. */
export interface DocumentFault {
  readonly code: FaultCode;
  /** Keys and indexes from the root of the document; empty for the document itself. */
  readonly path: readonly (string | number)[];
  /** What is wrong there; neither path nor place are repeated in it. */
  readonly message: string;
  /** Where the author finds it, for instance `draft.yaml:4:3`, once somebody knows the file. */
  readonly place?: string;
}

/** What the faults of a document look like as JSON. */
export interface DocumentFaultsJson extends FaultJson {
  readonly faults: readonly DocumentFault[];
}

/**
 * All faults of a document at once, so that its author corrects them in one go. The code is that of the first fault.
 *
 * @throws Fault `fault.internal` when made without any fault
 */
export class DocumentFaults extends Fault {
  readonly faults: readonly DocumentFault[];

  constructor(faults: readonly DocumentFault[], fields?: Readonly<Record<string, FaultField>>) {
    const first = faults[0];
    if (first === undefined) throw new Fault('fault.internal', 'a document was refused without a fault');
    const others = faults.length - 1;
    const rest = others === 0 ? '' : `, and ${others} more`;
    super(first.code, `${describeDocumentFault(first)}${rest}`, fields === undefined ? {} : { fields });
    this.faults = Object.freeze([...faults]);
  }

  override toJSON(): DocumentFaultsJson {
    return { ...super.toJSON(), faults: this.faults };
  }
}

/** A fault in one line: `draft.yaml:4:3: content.titel: there is no such field`. */
export function describeDocumentFault({ path, message, place }: DocumentFault): string {
  if (place === undefined) return `${formatPath(path)}: ${message}`;
  return path.length === 0 ? `${place}: ${message}` : `${place}: ${formatPath(path)}: ${message}`;
}

const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** A path as people write it: `content.indicators[3].value`, `labels["victim.name"]`, `(document)` for the root. */
export function formatPath(path: readonly (string | number)[]): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (!PLAIN_KEY.test(step)) text += `[${JSON.stringify(step)}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text === '' ? '(document)' : text;
}
