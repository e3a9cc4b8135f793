import type { Chance } from './chance.ts';
import {
  COMMON_PURPOSE,
  highestLabel,
  openLabel,
  RANDOM_PURPOSES,
  randomLabel,
  type Surroundings,
  timeText,
} from './random-label.ts';
import type { PlainDraft, PlainLabel } from './sample-draft.ts';

/** A record of the writing state that a random grant or retraction can be about. */
export interface EarlierRecord {
  readonly id: string;
  /** Digests of its parts. */
  readonly digests: readonly string[];
}

const SECTORS = ['energy', 'energy/electricity', 'health', 'justice'];
const SEVERITIES = [
  { scale: 'uk-ncsc', value: 'moderate' },
  { scale: 'uk-ncsc', value: 'significant' },
  { scale: 'us-nciss', value: 'severe' },
];
/** Seconds before and after the time of writing at which something happened. */
const AGES = [-90_000, -3_600, -600, 0, 1_800];

/**
 * A record as a person might write it, with random labels on its envelope and on about every second part: mostly an
 * incident, at times a norm, a grant or a retraction of an earlier record, or a record of an exercise.
 *
 * @param code of the state that writes
 */
export function randomDraft(
  chance: Chance,
  code: string,
  surroundings: Surroundings,
  earlier: readonly EarlierRecord[] = [],
): PlainDraft {
  const about = earlier.length > 0 && chance.once(4) ? chance.one(earlier) : undefined;
  const isGrant = chance.once(2);
  const { label, envelope, ...rest } = labelled(
    chance,
    surroundings,
    bodyOf(chance, code, surroundings, about, isGrant),
  );
  return {
    ...rest,
    label,
    envelope,
    ...(about !== undefined && !isGrant && { retracts: about.id }),
    ...(about === undefined && chance.once(20) && { exercise: 'winter' }),
  };
}

type Body = Pick<PlainDraft, 'type' | 'content'>;

function bodyOf(
  chance: Chance,
  code: string,
  surroundings: Surroundings,
  about: EarlierRecord | undefined,
  isGrant: boolean,
): Body {
  if (about !== undefined) return isGrant ? grantOf(chance, code, surroundings, about) : RETRACTION;
  return chance.once(8) ? NORM : { type: 'incident', content: incidentOf(chance, surroundings) };
}

const RETRACTION: Body = {
  type: 'retraction',
  content: { reason: { en: 'It was wrong.' }, requestedAction: 'cease-use' },
};

const NORM: Body = {
  type: 'norm',
  content: {
    title: { en: 'A norm' },
    kind: 'voluntary',
    provisions: ['p1', 'p2'].map((id) => ({ id, text: { en: `Provision ${id}` } })),
    adoption: { en: 'Adopted' },
  },
};

function grantOf(
  chance: Chance,
  code: string,
  { codes, atSeconds }: Surroundings,
  { id, digests }: EarlierRecord,
): Body {
  const others = codes.filter((each) => each !== code);
  const holder = chance.one(others);
  const notBefore = atSeconds + chance.one([0, 0, 1_200]);
  return {
    type: 'release-grant',
    content: {
      decision: 'grant',
      record: id,
      parts: chance.once(2) ? 'all' : [...digests].sort(),
      holder,
      thirdParty: chance.one(others.filter((each) => each !== holder)),
      purposes: [COMMON_PURPOSE, ...chance.some(RANDOM_PURPOSES.slice(1))],
      notBefore: timeText(notBefore),
      notAfter: timeText(notBefore + chance.one([1_800, 400_000])),
    },
  };
}

function incidentOf(chance: Chance, { atSeconds, codes }: Surroundings): PlainDraft['content'] {
  const text = (value: string): object => ({ en: value });
  const anchored = (): string => timeText(atSeconds + chance.one(AGES));
  const optional: Readonly<Record<string, () => unknown>> = {
    summary: () => text('Summary'),
    narrative: () => ({ external: text('For others'), internal: text('For us') }),
    occurredAt: anchored,
    detectedAt: anchored,
    awareAt: anchored,
    sectors: () => [...new Set([chance.one(SECTORS), chance.one(SECTORS)])],
    severity: () => chance.one(SEVERITIES),
    victim: () => ({ name: 'Somebody', country: chance.one(codes), contact: 'desk@victim.example' }),
    indicators: () =>
      Array.from({ length: chance.between(1, 3) }, (_, index) => ({
        id: `i-${index}`,
        type: 'domain',
        value: `host-${index}.example`,
      })),
    tags: () => ['one', 'two'].slice(0, chance.between(1, 2)),
    rootCause: () => text('A cause'),
  };
  return {
    title: text('An incident'),
    stage: chance.one(['notification', 'final']),
    ...Object.fromEntries(
      Object.entries(optional)
        .filter(() => !chance.once(3))
        .map(([name, draw]) => [name, draw()]),
    ),
  };
}

function labelled(
  chance: Chance,
  surroundings: Surroundings,
  body: Body,
): PlainDraft & { envelope: PlainLabel } {
  // Else most records would be closed to most states by their envelope.
  const envelope = chance.once(3) ? randomLabel(chance, surroundings) : openLabel(surroundings);
  const labels: Record<string, PlainLabel> = {};
  for (const [name, content] of Object.entries(body.content)) {
    labels[name] = chance.once(2) ? randomLabel(chance, surroundings) : openLabel(surroundings);
    for (const path of pathsWithin(name, content))
      if (chance.once(3)) labels[path] = randomLabel(chance, surroundings);
  }
  return { ...body, label: highestLabel(surroundings.scheme), envelope, labels };
}

/** Paths of the parts that stand in a field. */
function pathsWithin(name: string, content: unknown): string[] {
  if (['narrative', 'victim'].includes(name))
    return Object.keys(content as object).map((inner) => `${name}.${inner}`);
  if (!['indicators', 'tags'].includes(name)) return [];
  return (content as readonly unknown[]).map((_, index) => `${name}[${index}]`);
}
