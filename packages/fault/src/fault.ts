import type { FaultCode } from './codes.ts';

/** A structured detail of a fault: plain data that survives JSON. */
export type FaultField = string | number | boolean | null | readonly FaultField[];

/** What a fault looks like as JSON, in logs and in the command line's `--json` output. */
export interface FaultJson {
  readonly code: FaultCode;
  readonly message: string;
  readonly fields: Readonly<Record<string, FaultField>>;
}

const NO_FIELDS: Readonly<Record<string, FaultField>> = Object.freeze({});

/**
 * The one error of this code base: every rejection has a code of its own.
 *
 * The message is lower case, without a final stop, and names what was expected and what was got. Neither message nor
 * fields may hold content of a record, a secret or anything undisclosed: both end up in logs and in answers to peers.
 */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly fields: Readonly<Record<string, FaultField>>;

  constructor(
    code: FaultCode,
    message: string,
    options?: { readonly fields?: Readonly<Record<string, FaultField>>; readonly cause?: unknown },
  ) {
    super(message, options !== undefined && 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.fields = options?.fields === undefined ? NO_FIELDS : Object.freeze({ ...options.fields });
  }

  toJSON(): FaultJson {
    return { code: this.code, message: this.message, fields: this.fields };
  }
}

// On the prototype, as for the built-in errors: not an own property that every printed fault would repeat.
Object.defineProperty(Fault.prototype, 'name', { value: 'Fault', configurable: true, writable: true });

/** Whether something thrown is a fault and, where a code is given, the fault with that code. */
export function isFault(thrown: unknown, code?: FaultCode): thrown is Fault {
  return thrown instanceof Fault && (code === undefined || thrown.code === code);
}
