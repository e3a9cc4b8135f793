import { Fault } from '@comity/fault';
import { MAX_PATH_STEPS } from './limits.ts';

/**
 * Where a part stands: field names and positions from the root of the body. A position counts the elements of the list
 * as signed, decoys and withheld elements included, so it is the same in every view.
 */
export type FieldPath = readonly (string | number)[];

const FIELD_NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;
const MAX_FIELD_NAME_LENGTH = 64;

/**
 * Whether a key may name a field: no dots, brackets or spaces, because policies and labels address parts by path text,
 * and two parts must never have the same path text.
 */
export function isFieldName(text: unknown): text is string {
  return typeof text === 'string' && text.length <= MAX_FIELD_NAME_LENGTH && FIELD_NAME.test(text);
}

/** `victim.name`, `indicators[3]`; the empty text for the body itself. */
export function formatFieldPath(path: FieldPath): string {
  let text = '';
  for (const step of path) text = joinFieldPath(text, step);
  return text;
}

export function joinFieldPath(prefix: string, step: string | number): string {
  if (typeof step === 'number') return `${prefix}[${step}]`;
  return prefix === '' ? step : `${prefix}.${step}`;
}

const STEP = /(?:^|\.)([A-Za-z][A-Za-z0-9_-]{0,63})|\[(0|[1-9][0-9]{0,3})\]/y;

/**
 * The steps of a path text. One spelling for each path.
 *
 * @throws Fault `record.bad-path`
 */
export function parseFieldPath(text: string): FieldPath {
  const steps: (string | number)[] = [];
  let at = 0;
  while (at < text.length && steps.length < MAX_PATH_STEPS) {
    STEP.lastIndex = at;
    const match = STEP.exec(text);
    // The first step is a name, and only the later names have a dot in front.
    if (match === null || (at === 0 && (match[1] === undefined || text[0] === '.'))) throw badPath(at);
    steps.push(match[1] ?? Number(match[2]));
    at = STEP.lastIndex;
  }
  if (steps.length === 0 || at < text.length) throw badPath(at);
  return steps;
}

function badPath(at: number): Fault {
  return new Fault(
    'record.bad-path',
    `expected field names joined by dots, and positions in brackets, at character ${at}`,
    {
      fields: { at },
    },
  );
}
