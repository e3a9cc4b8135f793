import type { PlainScheme, PlainTextMap } from '@comity/label';
import agreements from '@comity/protocol/registries/samples/equivalence.json' with { type: 'json' };
import arcadia from '@comity/protocol/registries/samples/xar.json' with { type: 'json' };
import borealis from '@comity/protocol/registries/samples/xbo.json' with { type: 'json' };
import caldera from '@comity/protocol/registries/samples/xca.json' with { type: 'json' };

/** A state of the demonstration. None of them exists; their codes are user-assigned ones of ISO 3166-1. */
export interface SampleState {
  readonly code: string;
  readonly name: string;
  readonly names: PlainTextMap;
  readonly scheme: PlainScheme;
}

export const SAMPLE_STATES: readonly SampleState[] = [arcadia, borealis, caldera].map(
  ({ code, name, scheme }) => ({
    code,
    name: name.en,
    names: name as PlainTextMap,
    scheme: scheme as unknown as PlainScheme,
  }),
);

/** What one sample state grants another, and the table of levels that both sign. */
export interface SampleAgreement {
  readonly ceiling: string;
  readonly categories: { set: string; values: string[] }[];
  readonly community: boolean;
  readonly equivalence: { outbound: Record<string, string>; inbound: Record<string, string> };
}

interface Pair {
  readonly states: readonly string[];
  readonly levels: Readonly<Record<string, Record<string, string>>>;
  readonly grants: Readonly<
    Record<string, { ceiling: string; categories: { set: string; values: string[] }[]; community: boolean }>
  >;
}

export function agreementBetween(by: string, about: string): SampleAgreement {
  const pair = (agreements.pairs as unknown as readonly Pair[]).find(
    ({ states }) => states.includes(by) && states.includes(about),
  );
  const grant = pair?.grants[by];
  const [outbound, inbound] = [pair?.levels[by], pair?.levels[about]];
  if (grant === undefined || outbound === undefined || inbound === undefined)
    throw new Error(`no sample agreement of ${by} with ${about}`);
  return { ...grant, equivalence: { outbound, inbound } };
}
