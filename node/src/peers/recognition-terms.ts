import { Fault } from '@comity/fault';
import type { Recognition, VerifiedCharter } from '@comity/identity';
import type { ClassificationScheme, LevelMap } from '@comity/label';

const DAY_SECONDS = 86_400;
/** A fresh recognition must not look "not yet valid" to a peer whose clock is slightly behind. */
const CLOCK_TOLERANCE_SECONDS = 300;

/** What people say of another state when they recognise it. What is not said stays as it was, or is as little as there is. */
export interface RecognitionTerms {
  readonly ceiling?: string | undefined;
  readonly equivalence?:
    | {
        readonly outbound: Readonly<Record<string, string>>;
        readonly inbound: Readonly<Record<string, string>>;
      }
    | undefined;
  readonly categories?: readonly { readonly set: string; readonly values: readonly string[] }[] | undefined;
  readonly community?: boolean | undefined;
  readonly validDays: number;
}

/** Two states, and what the first has said of the second before. */
export interface Parties {
  readonly ours: VerifiedCharter;
  readonly theirs: VerifiedCharter;
  readonly former?: Recognition | undefined;
}

type Maps = Pick<Recognition, 'outbound' | 'inbound'>;

/**
 * What is to be signed about a state.
 *
 * @param counterpart what that state has signed of this one; its table is the one that is confirmed where the terms give none
 * @throws Fault peer.equivalence-missing, peer.equivalence-gap
 */
export function recognitionOf(
  { ours, theirs, former }: Parties,
  terms: RecognitionTerms,
  counterpart: Recognition | undefined,
  atSeconds: number,
): Recognition {
  return {
    issuer: ours.state,
    subject: theirs.state,
    subjectCode: theirs.code,
    charterDigest: theirs.digest,
    ceiling: terms.ceiling ?? former?.ceiling ?? lowestLevel(ours),
    ...mapsOf({ ours, theirs, former }, terms, counterpart),
    categories: terms.categories ?? former?.categories ?? [],
    community: terms.community ?? former?.community ?? true,
    // Later than the former one also where both are made within a second: receivers take the newest.
    issuedAtSeconds: Math.max(atSeconds, (former?.issuedAtSeconds ?? 0) + 1),
    notBeforeSeconds: atSeconds - CLOCK_TOLERANCE_SECONDS,
    notAfterSeconds: atSeconds + terms.validDays * DAY_SECONDS,
  };
}

function mapsOf(
  { ours, theirs, former }: Parties,
  { equivalence }: RecognitionTerms,
  counterpart: Recognition | undefined,
): Maps {
  if (equivalence !== undefined) return levelMaps(ours, theirs, equivalence);
  if (counterpart !== undefined) return { outbound: counterpart.inbound, inbound: counterpart.outbound };
  if (former !== undefined) return { outbound: former.outbound, inbound: former.inbound };
  return levelMaps(ours, theirs, undefined);
}

/** Whether two recognitions by one state of another have the same table of levels. */
export function isSameEquivalence(one: Maps, other: Maps): boolean {
  const isSame = (a: LevelMap, b: LevelMap): boolean =>
    a.from === b.from &&
    a.to === b.to &&
    a.levels.size === b.levels.size &&
    [...a.levels].every(([level, mapped]) => b.levels.get(level) === mapped);
  return isSame(one.outbound, other.outbound) && isSame(one.inbound, other.inbound);
}

function lowestLevel({ scheme }: VerifiedCharter): string {
  return scheme.levels[0]?.id ?? '';
}

/** The agreed table; where both states use the very same scheme, each level is its own equivalent. */
function levelMaps(
  ours: VerifiedCharter,
  theirs: VerifiedCharter,
  agreed: RecognitionTerms['equivalence'],
): Maps {
  const [from, to] = [ours.scheme.id, theirs.scheme.id];
  if (agreed !== undefined) {
    requireNoGap('outbound', ours.scheme, agreed.outbound);
    requireNoGap('inbound', theirs.scheme, agreed.inbound);
    return {
      outbound: { from, to, levels: new Map(Object.entries(agreed.outbound)) },
      inbound: { from: to, to: from, levels: new Map(Object.entries(agreed.inbound)) },
    };
  }
  if (from !== to) {
    throw new Fault(
      'peer.equivalence-missing',
      `${ours.code} uses the scheme ${from}, ${theirs.code} uses ${to}`,
      { fields: { from, to } },
    );
  }
  const same = new Map(ours.scheme.levels.map(({ id }) => [id, id]));
  return { outbound: { from, to, levels: same }, inbound: { from: to, to: from, levels: same } };
}

/**
 * Above a level that a table leaves out nothing would be mapped (`agreedEquivalence`). Nobody who writes such a table means
 * that, so it is refused while people still talk. @throws Fault peer.equivalence-gap
 */
function requireNoGap(
  table: 'outbound' | 'inbound',
  { id, levels }: ClassificationScheme,
  mapped: Readonly<Record<string, string>>,
): void {
  const gap = levels.findIndex((level) => !Object.hasOwn(mapped, level.id));
  const above = gap === -1 ? undefined : levels.slice(gap).find((level) => Object.hasOwn(mapped, level.id));
  const leftOut = levels[gap]?.id;
  if (above === undefined || leftOut === undefined) return;
  throw new Fault(
    'peer.equivalence-gap',
    `the table ${table} has ${above.id} and leaves out ${leftOut}, which is below it in ${id}`,
    { fields: { table, scheme: id, level: leftOut, above: above.id } },
  );
}

/** A level map for people, from the lowest level upwards. */
export function levelsInOrder({ levels }: LevelMap, { scheme }: VerifiedCharter): Record<string, string> {
  const rows = scheme.levels.flatMap(({ id }) => {
    const mapped = levels.get(id);
    return mapped === undefined ? [] : [[id, mapped] as const];
  });
  return Object.fromEntries(rows);
}
