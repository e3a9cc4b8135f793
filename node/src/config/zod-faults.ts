import { type DocumentFault, DocumentFaults, type FaultCode } from '@comity/fault';
import type { z } from 'zod';

/** Parses a human-written value; all its faults at once, with paths. @throws DocumentFaults (config.invalid unless told) */
export function parseWith<S extends z.ZodType>(
  schema: S,
  value: unknown,
  place: (faults: DocumentFaults) => DocumentFaults = (faults) => faults,
  code: FaultCode = 'config.invalid',
): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw place(new DocumentFaults(faultsOf(parsed.error, code)));
}

export function faultsOf(error: z.ZodError, code: FaultCode): DocumentFault[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.filter((step) => typeof step !== 'symbol');
    // Each unknown key is a fault of its own, at its own place.
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ code, path: [...path, key], message: 'there is no such setting' }));
    }
    return [{ code, path, message: issue.message }];
  });
}
