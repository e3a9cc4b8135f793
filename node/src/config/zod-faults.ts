import { type DocumentFault, DocumentFaults, type FaultCode } from '@comity/fault';
import type { z } from 'zod';
import { type HumanDocument, placeFaults } from './yaml-document.ts';

/** Parses a human-written document; all its faults at once, each in its place. @throws DocumentFaults of the code */
export function parseWith<S extends z.ZodType>(
  schema: S,
  document: HumanDocument,
  code: FaultCode = 'document.invalid',
): z.output<S> {
  const parsed = schema.safeParse(document.value, { error: describeIssue });
  if (parsed.success) return parsed.data;
  throw placeFaults(document, new DocumentFaults(faultsOf(parsed.error, code)));
}

export function faultsOf(error: z.ZodError, code: FaultCode): DocumentFault[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.filter((step) => typeof step !== 'symbol');
    // Each unknown key is a fault of its own, at its own place.
    if (issue.code === 'unrecognized_keys') {
      const message = `there is no such ${code === 'config.invalid' ? 'setting' : 'entry'}`;
      return issue.keys.map((key) => ({ code, path: [...path, key], message }));
    }
    return [{ code, path, message: issue.message }];
  });
}

/** The first thing that is wrong with the arguments of an operation, and the argument it is about; empty where it is all of them. */
export function faultOfArguments({ issues }: z.ZodError): { argument: string; message: string } {
  const [issue] = issues;
  const argument = issue?.path.join('.') ?? '';
  const said = issue?.message ?? 'malformed';
  const isNamed = issue?.code === 'unrecognized_keys' && argument === '';
  return { argument, message: isNamed ? said : `${argument === '' ? 'the arguments' : argument}: ${said}` };
}

/** Things that a schema counts, by the names that zod has for them. */
const COUNTED: Readonly<Record<string, string>> = {
  string: 'characters',
  array: 'entries',
  set: 'entries',
  map: 'entries',
};

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};

/** What is wrong, in words of ours; a text that the schema itself gives comes before it. Never what was given. */
export function describeIssue(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'too_small':
    case 'too_big': {
      const isSmall = issue.code === 'too_small';
      const bound = isSmall ? issue.minimum : issue.maximum;
      const counted = COUNTED[issue.origin];
      if (isSmall && counted !== undefined && Number(bound) === 1)
        return 'expected something, and it is empty';
      const inclusive = isSmall ? 'at least' : 'at most';
      const exclusive = isSmall ? 'more than' : 'less than';
      const limit = `${issue.inclusive === false ? exclusive : inclusive} ${bound}`;
      return `expected ${limit}${counted === undefined ? '' : ` ${counted}`}`;
    }
    case 'invalid_value':
      return `expected ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`;
    case 'invalid_type':
      return `expected ${KINDS[issue.expected] ?? issue.expected}${issue.input === undefined ? ', and it is missing' : ''}`;
    case 'unrecognized_keys':
      return `no such argument: ${issue.keys.join(', ')}`;
    default:
      return 'malformed';
  }
}
