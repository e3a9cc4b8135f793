import type { Labelling } from './labelling.ts';
import type { LossReport } from './loss.ts';
import { isLooser, MARKINGS, type Marking, successorOf } from './marking.ts';
import type { Tags } from './tags.ts';
import { isJsonObject, type JsonObject } from './text.ts';

/**
 * The labels given with an import, nowhere less strict than the tags of the event: a marking is the originator's word, and
 * the importer may add to it. Only for markings that are overruled the label stays as given. Both are losses, for what is
 * issued then differs from what somebody has stated.
 *
 * @param overrule markings of which the importer has said that the tags give way
 */
export function withStricterTags(
  given: Labelling,
  tags: Tags,
  overrule: readonly Marking[],
  losses: LossReport,
): Labelling {
  const settle = (label: unknown, where: string): unknown => {
    if (!isJsonObject(label)) return label;
    const settled: Record<string, unknown> = { ...label };
    for (const marking of MARKINGS) {
      const tagged = tags[marking];
      if (tagged === undefined || !Object.hasOwn(label, marking)) continue;
      const stated = label[marking];
      if (isLooser(marking, stated, tagged)) {
        report(losses, { marking, tagged, stated, where, isOverruled: overrule.includes(marking) });
        if (!overrule.includes(marking)) settled[marking] = tagged;
      } else if (stated !== tagged && where === 'label') {
        losses.add('Event.Tag', 'marking-overridden', `${marking} ${tagged} gives way to ${shown(stated)}`);
      }
    }
    const next = successorOf(label);
    if (next !== undefined) {
      settled.succession = {
        ...(label.succession as JsonObject),
        label: settle(next, `${where}.succession`),
      };
    }
    return settled;
  };
  const { envelope, labels } = given;
  return {
    ...given,
    label: settle(given.label, 'label'),
    ...(envelope !== undefined && { envelope: settle(envelope, 'envelope') }),
    ...(isJsonObject(labels) && {
      labels: Object.fromEntries(
        Object.entries(labels).map(([path, label]) => [path, settle(label, `labels.${path}`)]),
      ),
    }),
  };
}

function report(
  losses: LossReport,
  found: { marking: Marking; tagged: string; stated: unknown; where: string; isOverruled: boolean },
): void {
  const { marking, tagged, stated, where, isOverruled } = found;
  const place = where === 'label' ? '' : ` of ${where}`;
  if (isOverruled) {
    const detail = `${marking} ${tagged} is overruled by the looser ${shown(stated)}${place}`;
    losses.add('Event.Tag', 'marking-overruled', detail);
  } else {
    losses.add('Event.Tag', 'marking-raised', `${marking} ${tagged} applies, not ${shown(stated)}${place}`);
  }
}

function shown(stated: unknown): string {
  return typeof stated === 'string' ? stated : 'none';
}
