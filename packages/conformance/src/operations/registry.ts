import { toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import { mergeViews, type RecordId, type View } from '@comity/record';
import { Registry, registryEntry } from '@comity/registry';
import type { Input } from '../input.ts';
import { knownStatesIn, viewOf } from '../known-states.ts';
import type { Operations } from '../operation.ts';

/** registry.md §4. */
export const registryOperations: Operations = {
  'registry.digest': (input) => {
    const held = heldIn(input);
    const registry = new Registry();
    const keys = new Set<string>();
    for (const view of held) {
      const entry = registryEntry(view);
      registry.put(entry);
      for (const key of entry.subjects) keys.add(key);
    }
    return {
      records: registry.size,
      digest: toHex(registry.digest),
      subjects: [...keys].sort().map((key) => ({ key, digest: toHex(registry.digestOf(key) as Uint8Array) })),
    };
  },
};

/** Each record once, with all that is shown of it. */
function heldIn(input: Input): readonly View[] {
  const { directory } = knownStatesIn(input);
  const merged = new Map<RecordId, View>();
  for (const bytes of input.hexes('views')) {
    const view = viewOf(bytes, directory);
    const before = merged.get(view.header.id);
    merged.set(view.header.id, before === undefined ? view : mergeViews(before, view));
  }
  const held = [...merged.values()];
  if (held.some(({ header }) => header.exercise !== held[0]?.header.exercise))
    throw new Fault('conformance.bad-input', 'in.views are of several exercises');
  return held;
}
