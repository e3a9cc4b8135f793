import { durationText } from './duration.ts';
import type { ApprovalNeed, Condition, Embargo, Limit, PolicyRule, Profile, Reciprocity } from './policy.ts';

/** A rule as one sentence, in English, for previews and logs: `energy-warning: permits push or query to northern …`. */
export function describeRule({
  name,
  effect,
  to,
  modes,
  purposes,
  when,
  parts,
  profile,
  embargo,
  approve,
}: PolicyRule): string {
  const clauses = [
    `${name}: ${effect === 'permit' ? 'permits' : 'forbids'} ${modes === undefined ? ofAnyMode(effect) : either(modes)}`,
    `to ${either(to)}`,
    purposes && `for ${either(purposes)}`,
    when && `when ${describeCondition(when)}`,
    parts && `of ${every(parts)}`,
    profile && `reduced to ${describeProfile(profile)}`,
    embargo && describeEmbargo(embargo),
    approve && `with ${describeNeed(approve)}`,
  ];
  return clauses.filter((clause) => clause !== undefined).join(' ');
}

/** A rule without modes permits everything but letters, and forbids these too. */
function ofAnyMode(effect: PolicyRule['effect']): string {
  return effect === 'permit' ? 'any hand-over but letters' : 'any hand-over';
}

/** An entry of `limits` or `reciprocity` in the same way. */
export function describeEntry(entry: Limit | Reciprocity): string {
  const { name, to, releases, approve } = entry;
  const reached =
    'perSeconds' in entry
      ? `after ${releases} ${releases === 1 ? 'release' : 'releases'} to them within ${durationText(entry.perSeconds)}`
      : `after ${releases} ${releases === 1 ? 'record' : 'records'} given, while less than ${entry.belowHundredths / 100} of what they were given came back`;
  return `${name}: holds what is new to ${either(to)} ${reached}, for ${describeNeed(approve)}`;
}

function describeEmbargo({ anchor, afterSeconds }: Embargo): string {
  return `not before ${durationText(afterSeconds)} after ${ANCHOR_WORDS[anchor]}`;
}

const ANCHOR_WORDS: Readonly<Record<Embargo['anchor'], string>> = {
  issued: 'its issue',
  occurred: 'the incident occurred',
  detected: 'the incident was detected',
  aware: 'its issuer became aware of the incident',
};

function describeNeed({ by, persons, withinSeconds }: ApprovalNeed): string {
  return `approval by ${persons} ${persons === 1 ? 'person' : 'persons'} of the role ${by}, not older than ${durationText(withinSeconds)}`;
}

function describeCondition({ type, sector, severity }: Condition): string {
  return every([
    ...(type ? [`the type is ${either(type)}`] : []),
    ...(sector ? [`the sector is ${either(sector)}`] : []),
    ...(severity ? [`the severity is at least ${severity.atLeast} (${severity.scale})`] : []),
  ]);
}

function describeProfile({ name, keep, drop }: Profile): string {
  const kept = keep ? every(keep) : 'all parts';
  return `${name} (${kept}${drop ? ` without ${either(drop)}` : ''})`;
}

function either(entries: readonly string[]): string {
  return joined(entries, 'or');
}

function every(entries: readonly string[]): string {
  return joined(entries, 'and');
}

function joined(entries: readonly string[], word: string): string {
  if (entries.length < 2) return entries.join('');
  return `${entries.slice(0, -1).join(', ')} ${word} ${entries.at(-1)}`;
}
