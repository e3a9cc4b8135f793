import type { StateId } from '@comity/label';
import { type Calendar, type Law, zoneOffsets } from '@comity/registry';
import type { NodeConfig } from '../config/node-config.ts';
import type { Sovereign } from '../sovereign.ts';

/** Longer than any period of a deadline profile. */
const SPAN_SECONDS = 10 * 366 * 86_400;
/** Of another state nobody here knows the clocks and the holidays. */
const FOREIGN: Calendar = { offsets: [], holidays: new Set(), weekend: new Set([6, 7]) };

/**
 * Under which laws the incidents of a state fall (duties.md 4.5): those that its charter names; of this state, where that names
 * none, those of the configuration.
 */
export function lawOf({ self, config, directory, now }: Sovereign, state: StateId): Law {
  if (state !== self.state) {
    const charter = directory.charterOf(state);
    return {
      profiles: charter?.legalProfiles ?? [],
      ...(charter !== undefined && { country: charter.code }),
      calendar: FOREIGN,
    };
  }
  const { legalProfiles, code } = self.charter;
  const { duties } = config;
  return {
    profiles: legalProfiles.length > 0 ? legalProfiles : duties.profiles,
    country: duties.country ?? code,
    calendar: calendarOf(duties, now()),
  };
}

function calendarOf({ timeZone, holidays, weekend }: NodeConfig['duties'], nowSeconds: number): Calendar {
  return {
    offsets: offsetsOf(timeZone, Math.floor(nowSeconds / SPAN_SECONDS)),
    holidays: new Set(holidays),
    weekend: new Set(weekend),
  };
}

let known: { readonly key: string; readonly offsets: Calendar['offsets'] } | undefined;

/** The offsets of the ten years around a time; asking the runtime for each day of them takes a while. */
function offsetsOf(timeZone: string, span: number): Calendar['offsets'] {
  const key = `${timeZone} ${span}`;
  if (known?.key !== key)
    known = { key, offsets: zoneOffsets(timeZone, (span - 1) * SPAN_SECONDS, (span + 2) * SPAN_SECONDS) };
  return known.offsets;
}
