import type { Condition, PolicyRule, Profile } from './policy.ts';

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
}: PolicyRule): string {
  const clauses = [
    `${name}: ${effect === 'permit' ? 'permits' : 'forbids'} ${modes === undefined ? 'any hand-over' : either(modes)}`,
    `to ${either(to)}`,
    purposes && `for ${either(purposes)}`,
    when && `when ${describeCondition(when)}`,
    parts && `of ${every(parts)}`,
    profile && `reduced to ${describeProfile(profile)}`,
  ];
  return clauses.filter((clause) => clause !== undefined).join(' ');
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
