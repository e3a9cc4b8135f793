import type { Contact, KeyUsage } from '@comity/identity';
import type { LabelCategories, PlainScheme, PlainTextMap } from '@comity/label';
import equivalence from '@comity/protocol/registries/samples/equivalence.json' with { type: 'json' };
import xar from '@comity/protocol/registries/samples/xar.json' with { type: 'json' };
import xbo from '@comity/protocol/registries/samples/xbo.json' with { type: 'json' };
import xca from '@comity/protocol/registries/samples/xca.json' with { type: 'json' };

/** The codes of the sample states: Arcadia, Borealis, Caldera. They are user-assigned and belong to no state. */
export type SampleCode = 'XAR' | 'XBO' | 'XCA';

/** What the registry says about a sample state. */
export interface SampleData {
  readonly code: string;
  readonly name: PlainTextMap;
  /** Who holds the key of each usage. */
  readonly issuer: Readonly<Record<KeyUsage, string>>;
  readonly addresses: readonly string[];
  readonly contacts: readonly Contact[];
  readonly legalProfiles: readonly string[];
  readonly scheme: PlainScheme;
}

/** What one sample state grants another, and how it maps its levels to the other's. */
export interface SampleGrant {
  readonly ceiling: string;
  readonly categories: readonly LabelCategories[];
  readonly community: boolean;
  /** The grantor's level to the grantee's. */
  readonly levels: Readonly<Record<string, string>>;
}

interface Pair {
  readonly states: readonly string[];
  readonly levels: Readonly<Partial<Record<string, Readonly<Record<string, string>>>>>;
  readonly grants: Readonly<Partial<Record<string, Omit<SampleGrant, 'levels'>>>>;
}

/** The sample states as protocol/registries/samples describes them. */
export const SAMPLE_DATA: Readonly<Record<SampleCode, SampleData>> = { XAR: xar, XBO: xbo, XCA: xca };

/** What `from` grants `to` (protocol/registries/samples/equivalence.json). */
export function sampleGrant(from: SampleCode, to: SampleCode): SampleGrant {
  const pair = (equivalence.pairs as readonly Pair[]).find(
    ({ states }) => states.includes(from) && states.includes(to),
  );
  const levels = pair?.levels[from];
  const grant = pair?.grants[from];
  if (from === to || levels === undefined || grant === undefined) {
    throw new RangeError(`the sample states ${from} and ${to} do not recognise each other`);
  }
  return { ...grant, levels };
}
