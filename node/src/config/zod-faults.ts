import { type DocumentFault, DocumentFaults, type FaultCode } from '@comity/fault';
import type { z } from 'zod';
import { type HumanDocument, placeFaults } from './yaml-document.ts';

/** Parses a human-written document; all its faults at once, each in its place. @throws DocumentFaults of the code */
export function parseWith<S extends z.ZodType>(
  schema: S,
  document: HumanDocument,
  code: FaultCode = 'document.invalid',
): z.output<S> {
  const parsed = schema.safeParse(document.value);
  if (parsed.success) return parsed.data;
  throw placeFaults(document, new DocumentFaults(faultsOf(parsed.error, code)));
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
