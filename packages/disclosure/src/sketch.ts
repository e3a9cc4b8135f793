import { isFault } from '@comity/fault';
import { type Label, successionsOf } from '@comity/label';
import type { View } from '@comity/record';

import { type Anchors, anchorsOf, embargoEnd } from './embargo.ts';
import { factsOf } from './facts.ts';
import { rootsOf } from './likeness.ts';
import { labelInForce } from './mandatory.ts';
import type { Embargo } from './policy.ts';
import { childCounts, clearFields, isFrame, withoutPositions } from './shape.ts';

/** All that any policy can tell of a view at any time, so that it need not be opened again to be counted. */
export interface Sketch {
  /** Equal for views that no policy tells apart but by the anchors. */
  readonly text: string;
  readonly anchors: Anchors;
  /** Whether a label of it is succeeded at some time. */
  readonly isTimed: boolean;
}

/** The sketch of a view; undefined where a label cannot be followed in time: the decision says so. */
export function sketchOf(view: View): Sketch | undefined {
  try {
    const { issuer, label, exercise } = view.header;
    const children = childCounts(view.parts);
    const classTexts = view.parts.map((part) => {
      const frame = isFrame(part, children.get(part.digest) ?? 0);
      return `${withoutPositions(part.pathText)} ${frame} ${labelText(part.label)}`;
    });
    // Numbers that do not depend on the order of the parts, which is that of their digests.
    const texts = [...new Set(classTexts)].sort();
    const numbers = new Map(texts.map((text, number) => [text, number]));
    const classes = classTexts.map((text) => numbers.get(text) as number);
    const roots = rootsOf(view, classes).map((tree) =>
      tree.replaceAll(/\d+/g, (number) => JSON.stringify(texts[Number(number)])),
    );
    const text = JSON.stringify([
      issuer,
      exercise ?? '',
      factsOf(view),
      labelText(label),
      clearFields(view),
      roots.sort(),
    ]);
    const isTimed = [label, ...view.parts.map((part) => part.label)].some(
      ({ succession }) => succession !== undefined,
    );
    return { text, anchors: anchorsOf(view), isTimed };
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

/**
 * How embargoes stand for a record, now and whenever one of them ends: equal for records whose sketches are, where the same
 * becomes of both in the same order.
 *
 * @param atSeconds UTC seconds
 */
export function embargoesText(
  { anchors, isTimed }: Pick<Sketch, 'anchors' | 'isTimed'>,
  embargoes: readonly Embargo[],
  atSeconds: number,
): string {
  if (embargoes.length === 0) return '';
  const ends = embargoes.map((embargo) => {
    const end = embargoEnd(embargo, anchors);
    return typeof end === 'number' && end <= atSeconds ? 'over' : end;
  });
  // Where labels change too, it matters which comes first.
  if (isTimed) return ends.join();
  const running = [...new Set(ends.filter((end) => typeof end === 'number'))].sort((a, b) => a - b);
  return ends.map((end) => (typeof end === 'number' ? running.indexOf(end) : end)).join();
}

/** Labels are few, and records that are read one after the other share them. */
const known = new WeakMap<Label, string>();

function labelText(label: Label): string {
  let text = known.get(label);
  if (text === undefined) {
    const successions = successionsOf(label).map(({ atSeconds }) => [
      atSeconds,
      labelInForce(label, atSeconds),
    ]);
    text = JSON.stringify([labelInForce(label, Number.MIN_SAFE_INTEGER), successions]);
    known.set(label, text);
  }
  return text;
}
