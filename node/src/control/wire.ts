import {
  type DocumentFault,
  DocumentFaults,
  Fault,
  type FaultField,
  isFault,
  isFaultCode,
} from '@comity/fault';

/** Largest request body: a MISP event of 16 MiB as a JSON string, escaped. */
export const MAX_REQUEST_BYTES = 40 * 1024 * 1024;

/** One line of an answer on the control socket (NDJSON). */
export type ControlLine =
  | { readonly progress: string; readonly done?: number; readonly total?: number }
  | { readonly item: unknown }
  | { readonly result: unknown }
  | { readonly fault: FaultLine };

export interface FaultLine {
  readonly code: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, FaultField>>;
  readonly faults?: readonly DocumentFault[];
}

export function faultToLine(error: unknown): FaultLine {
  if (error instanceof DocumentFaults) return { ...error.toJSON(), faults: error.faults };
  if (isFault(error)) return error.toJSON();
  // The text of an unexpected error may hold content; it goes to the log, not over the wire.
  return { code: 'node.internal', message: 'unexpected error, see the log of the node', fields: {} };
}

export function faultFromLine(line: FaultLine): Fault {
  if (line.faults !== undefined && line.faults.length > 0) return new DocumentFaults(line.faults);
  const code = isFaultCode(line.code) ? line.code : 'node.internal';
  return new Fault(code, line.message, { fields: line.fields });
}
