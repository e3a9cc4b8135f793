import registry from '@comity/protocol/registries/minimisation-profiles.json' with { type: 'json' };

import type { PartPath, Profile } from './policy.ts';

interface RegisteredProfile {
  readonly keep?: readonly PartPath[];
  readonly drop?: readonly PartPath[];
}

/** Minimisation profiles with one meaning everywhere (protocol/registries/minimisation-profiles.json). */
export const BUILT_IN_PROFILES: ReadonlyMap<string, Profile> = new Map(
  Object.entries(registry.profiles as Readonly<Record<string, RegisteredProfile>>).map(
    ([name, { keep, drop }]) => [name, { name, ...(keep && { keep }), ...(drop && { drop }) }],
  ),
);
