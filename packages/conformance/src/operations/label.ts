import { decodeWith, encodeWith } from '@comity/cbor';
import { toHex } from '@comity/digest';
import { type DocumentFault, DocumentFaults, Fault } from '@comity/fault';
import {
  banner,
  type ClassificationScheme,
  checkLabel,
  checkLevelMap,
  checkScheme,
  combine,
  dominates,
  effectiveLabel,
  isStateCode,
  isStateId,
  type Label,
  labelShape,
  levelMapShape,
  mapLevel,
  rankOf,
  type StateCode,
  schemeShape,
  successionsOf,
} from '@comity/label';
import type { Input } from '../input.ts';
import type { Json, Operations } from '../operation.ts';

/** What `checkLabel` says of label.md 4.2 and 4.3: faults that are none where another scheme is asked about. */
const OF_THE_SCHEME: ReadonlySet<string> = new Set([
  'label.wrong-scheme',
  'label.unknown-classification',
  'label.unknown-category-set',
  'label.unknown-category',
]);

/** label.md §11. */
export const labelOperations: Operations = {
  'scheme.check': (input) => {
    const scheme = schemeOf(input, 'scheme');
    return {
      id: scheme.id,
      levels: scheme.levels.map(({ id }) => id),
      categorySets: scheme.categorySets.map(({ id }) => id),
    };
  },

  'label.check': (input) => {
    const scheme = schemeOf(input, 'scheme');
    const label = validLabel(input, 'label', scheme);
    const labels = [label, ...successionsOf(label).map((succession) => succession.label)];
    return { ranks: labels.map(({ classification }) => rankOf(scheme, classification) as number) };
  },

  'label.dominates': (input) => {
    const scheme = schemeOf(input, 'scheme');
    const [a, b] = [labelOf(input.hex('a')), labelOf(input.hex('b'))];
    for (const label of [a, b]) {
      refuse(checkLabel(label, scheme).filter(({ code }) => !OF_THE_SCHEME.has(code)));
    }
    return { dominates: dominates(a, b, scheme) };
  },

  'label.combine': (input) => {
    const scheme = schemeOf(input, 'scheme');
    const combination = combine(input.hexes('labels').map(labelOf), scheme);
    if ('undecided' in combination) throw combination.undecided;
    return { label: hexOf(combination.label) };
  },

  'label.effective': (input) => {
    return { label: hexOf(effectiveLabel(labelOf(input.hex('label')), input.seconds('atSeconds'))) };
  },

  'label.map': (input) => {
    const [from, to] = [schemeOf(input, 'from'), schemeOf(input, 'to')];
    const map = decodeWith(levelMapShape, input.hex('map'));
    refuse(checkLevelMap(map, from, to));
    const level = mapLevel(input.text('level'), map);
    return level === undefined ? {} : { level };
  },

  'label.marking': marking,
};

function marking(input: Input): Json {
  const scheme = schemeOf(input, 'scheme');
  const label = validLabel(input, 'label', scheme);
  const codes = input.object('codes');
  const codeOfState = new Map(
    codes.names().map((state) => {
      if (!isStateId(state)) throw new Fault('conformance.bad-input', 'a name in in.codes is no state id');
      return [state, codeIn(codes, state)] as const;
    }),
  );
  const originator = codeIn(input, 'code');
  return { marking: banner(label, scheme, { originator, codeOf: (state) => codeOfState.get(state) }) };
}

function codeIn(input: Input, name: string): StateCode {
  const code = input.text(name);
  if (isStateCode(code)) return code;
  throw new Fault('conformance.bad-input', `${name} is no state code`);
}

function schemeOf(input: Input, name: string): ClassificationScheme {
  const scheme = decodeWith(schemeShape, input.hex(name));
  checkScheme(scheme);
  return scheme;
}

function labelOf(bytes: Uint8Array): Label {
  return decodeWith(labelShape, bytes);
}

function validLabel(input: Input, name: string, scheme: ClassificationScheme): Label {
  const label = labelOf(input.hex(name));
  refuse(checkLabel(label, scheme));
  return label;
}

function hexOf(label: Label): string {
  return toHex(encodeWith(labelShape, label));
}

function refuse(faults: readonly DocumentFault[]): void {
  if (faults.length > 0) throw new DocumentFaults(faults);
}
