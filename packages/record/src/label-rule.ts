import type { CborValue } from '@comity/cbor';
import type { DraftFaults, DraftPath } from './draft-faults.ts';
import { type PlainLabel, readPlainLabel } from './draft-label.ts';
import { MAX_PATH_STEPS } from './limits.ts';
import type { RecordType } from './types/record-type.ts';

/** One step of a path under `labels`: a name, a position in the draft, every element, or those with an entry of a value. */
type LabelStep =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'every' }
  | { readonly kind: 'entry'; readonly key: string; readonly value: string }
  | { readonly kind: 'index'; readonly index: number };

/** An override for the parts that a path names. */
export interface LabelRule {
  readonly at: DraftPath;
  readonly steps: readonly LabelStep[];
  readonly override: PlainLabel;
}

/** Where a part stands in a draft: names, and for elements the position and the element itself. */
export type DraftPlace = readonly (
  | string
  | { readonly index: number; readonly value: CborValue | undefined }
)[];

const STEP =
  /(?:^|\.)([A-Za-z][A-Za-z0-9_-]{0,63})|\[(?:(\*)|(0|[1-9][0-9]{0,3})|([A-Za-z][A-Za-z0-9_-]{0,63})=([^\]]{1,256}))\]/y;

/** Reads `labels` of a draft. A path that names no part of the type is a fault: a misspelled one would label nothing. */
export function readLabelRules(
  value: unknown,
  type: RecordType | undefined,
  at: DraftPath,
  faults: DraftFaults,
): readonly LabelRule[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    faults.add('record.bad-value', at, 'expected a map from path to label');
    return [];
  }
  return Object.entries(value).flatMap(([text, written]) => {
    const path = [...at, text];
    const override = readPlainLabel(written, path, faults);
    const steps = readSteps(text);
    if (steps === undefined) {
      faults.add(
        'record.bad-label-path',
        path,
        'expected a path such as victim.name, indicators[2] or indicators[*]',
      );
      return [];
    }
    if (type !== undefined && !namesPart(type, steps)) {
      faults.add('record.unknown-label-path', path, `expected the path of a part of the type ${type.id}`);
      return [];
    }
    return override === undefined ? [] : [{ at: path, steps, override }];
  });
}

/** The rules for a part, those that name it more exactly after the others: `[*]`, then `[type=…]`, then `[2]`. */
export function rulesFor(rules: readonly LabelRule[], place: DraftPlace): readonly LabelRule[] {
  return rules.filter((rule) => matches(rule, place)).sort(byExactness);
}

function readSteps(text: string): readonly LabelStep[] | undefined {
  const steps: LabelStep[] = [];
  let at = 0;
  while (at < text.length && steps.length < MAX_PATH_STEPS) {
    STEP.lastIndex = at;
    const match = STEP.exec(text);
    if (match === null || (at === 0 && (match[1] === undefined || text[0] === '.'))) return undefined;
    steps.push(stepOf(match));
    at = STEP.lastIndex;
  }
  return steps.length > 0 && at === text.length ? steps : undefined;
}

function stepOf([, name, every, index, key, value]: RegExpExecArray): LabelStep {
  if (name !== undefined) return { kind: 'name', name };
  if (every !== undefined) return { kind: 'every' };
  if (index !== undefined) return { kind: 'index', index: Number(index) };
  return { kind: 'entry', key: key as string, value: value as string };
}

function namesPart(type: RecordType, [first, second, ...more]: readonly LabelStep[]): boolean {
  if (first?.kind !== 'name' || more.length > 0 || !Object.hasOwn(type.fields, first.name)) return false;
  const rule = type.fields[first.name];
  if (second === undefined) return true;
  if (rule?.redaction === 'fields') return second.kind === 'name' && Object.hasOwn(rule.fields, second.name);
  return rule?.redaction === 'elements' && second.kind !== 'name';
}

function matches({ steps }: LabelRule, place: DraftPlace): boolean {
  return (
    steps.length === place.length &&
    steps.every((step, depth) => {
      const here = place[depth];
      if (step.kind === 'name') return step.name === here;
      if (typeof here !== 'object') return false;
      if (step.kind === 'every') return true;
      if (step.kind === 'index') return step.index === here.index;
      return here.value instanceof Map && here.value.get(step.key) === step.value;
    })
  );
}

const EXACTNESS = { every: 0, entry: 1, index: 2, name: 2 } as const;

function byExactness(a: LabelRule, b: LabelRule): number {
  for (const [depth, step] of a.steps.entries()) {
    const difference = EXACTNESS[step.kind] - EXACTNESS[(b.steps[depth] as LabelStep).kind];
    if (difference !== 0) return difference;
  }
  return 0;
}
