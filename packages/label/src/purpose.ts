import registry from '@comity/protocol/registries/purposes.json' with { type: 'json' };

/** What the registry says about a purpose. */
export interface PurposeEntry {
  /** What it covers, for people. */
  readonly summary: string;
  /** Terms of the W3C Data Privacy Vocabulary that it stands for. */
  readonly dpv: readonly string[];
}

/** The purposes that labels, policies and questions may name (protocol/registries/purposes.json). */
export const PURPOSES: ReadonlyMap<string, PurposeEntry> = new Map(Object.entries(registry.purposes));
