import { Fault } from '@comity/fault';

import type { Label } from './label.ts';
import { type ClassificationScheme, levelOf } from './scheme.ts';
import type { StateCode } from './state-code.ts';
import type { StateId } from './state-id.ts';
import { type TextMap, textIn } from './text-map.ts';

/** What the marking of a label needs to know besides the label and its scheme. */
export interface BannerContext {
  /** Code of the state that issued the label: its prefix stays, wherever the material goes (domain.md §1.7). */
  readonly originator: StateCode;
  /** Code of a state; a state that is not known is marked with the first eight digits of its id. */
  readonly codeOf: (state: StateId) => StateCode | undefined;
  /** Language of level and category names, as a BCP 47 tag; English if left out. */
  readonly language?: string;
}

/**
 * The marking of a label as it stands on a page: `XAR RESTRICTED//REL TO XAR, XBO//TLP:AMBER`. The originator comes
 * first, the others in alphabetical order. A label without other recipients says so (`XAR EYES ONLY`), because a reader may
 * take silence for consent. Purposes, handling rules and dates do not stand in a marking.
 *
 * @throws Fault `label.wrong-scheme`, `label.unknown-classification`
 */
export function banner(label: Label, scheme: ClassificationScheme, context: BannerContext): string {
  if (label.scheme !== scheme.id) {
    throw new Fault('label.wrong-scheme', `expected a label of the scheme ${scheme.id}`);
  }
  const level = levelOf(scheme, label.classification);
  if (level === undefined) {
    throw new Fault('label.unknown-classification', `expected a level of the scheme ${scheme.id}`);
  }
  const name = (map: TextMap) => textIn(map, context.language ?? 'en').text.toUpperCase();
  return [
    `${context.originator} ${name(level.name)}`,
    ...categoryMarkings(label, scheme, name),
    ...releaseMarkings(label, context),
    ...(label.tlp === undefined ? [] : [`TLP:${label.tlp}`]),
    ...(label.pap === undefined ? [] : [`PAP:${label.pap}`]),
  ].join('//');
}

function categoryMarkings(
  label: Label,
  scheme: ClassificationScheme,
  name: (map: TextMap) => string,
): string[] {
  return scheme.categorySets.flatMap((set) => {
    const carried = label.categories?.find((entry) => entry.set === set.id)?.values ?? [];
    const names = set.values.filter(({ id }) => carried.includes(id)).map((value) => name(value.name));
    return names.length === 0 ? [] : [names.join('/')];
  });
}

function releaseMarkings(label: Label, context: BannerContext): string[] {
  const released = otherCodes(label.releasableTo, context);
  const shown = otherCodes(label.displayOnlyTo, context);
  if (released.length === 0 && shown.length === 0) return [`${context.originator} EYES ONLY`];
  const release = released.length === 0 ? [] : [`REL TO ${[context.originator, ...released].join(', ')}`];
  const display = shown.length === 0 ? [] : [`DISPLAY ONLY ${shown.join(', ')}`];
  return [...release, ...display];
}

function otherCodes(
  states: readonly StateId[] = [],
  { originator, codeOf }: BannerContext,
): readonly string[] {
  const codes = states.map((state): string => codeOf(state) ?? state.slice(0, 8));
  return codes.filter((code) => code !== originator).sort();
}
