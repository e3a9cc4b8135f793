// The decision of DISCLOSURE §1 to §3, written from the page and nothing else, to be compared with the real one. It knows
// no classes, no index and no memory, and names levels by their place in the scheme.

import { REDACTED } from '@comity/cbor';
import { type Label, PURPOSES } from '@comity/label';
import profiles from '@comity/protocol/registries/minimisation-profiles.json' with { type: 'json' };
import recordTypes from '@comity/protocol/registries/record-types.json' with { type: 'json' };
import { type Part, severityOrdinal, type View } from '@comity/record';

import {
  digestOf,
  type PlainEntry,
  type PlainMember,
  type PlainNeed,
  type PlainPolicy,
  type PlainProfile,
  type PlainRule,
  secondsOf,
  timeOf,
} from './plain-policy.test-support.ts';
import type { ApprovalFact, Recipient, Situation } from './situation.ts';

/** `release`, or the reason with what is cited: `embargo warn 1500`, `limit limits[0] officer 1/2`. */
export type Fate = 'release' | string;

/** The reasons that hold, and do not withhold. */
export const HOLDING: readonly string[] = [
  'approval-needed',
  'limit',
  'reciprocity',
  'ancestor-held',
  'part-held',
];

/**
 * What is said of a part: it goes, it goes if something inside it does (else as `otherwise` says), or it does not. What only
 * leads to others waits only if one of them does.
 */
type Word =
  | { fate: Fate; leads?: boolean; wayBy?: undefined }
  | { wayBy: string; otherwise: Fate | undefined; fate?: undefined };

/** What becomes of the envelope (under the empty digest) and of each part. */
export function oracle(
  policy: PlainPolicy,
  view: View,
  isFrame: (part: Part) => boolean,
  recipient: Recipient,
  situation: Situation,
): Map<string, Fate> {
  const { holder, holderScheme, atSeconds, mode, purpose, account, approvals = [] } = situation;
  const { issuer, type, exercise, id, issuedAtSeconds } = view.header;
  const own = holder === issuer;
  const inbound = own ? undefined : situation.inboundOf(issuer);
  const registered = recordTypes.types.find((each) => each.id === type);
  const known = registered !== undefined;
  const barred = !own && (situation.barredBy?.(issuer).has(recipient.state) ?? false);
  const consents = (situation.consents ?? []).filter(
    (consent) =>
      !own &&
      [consent.recordId, consent.holder, consent.thirdParty].join() ===
        [id, holder, recipient.state].join() &&
      consent.purposes.includes(purpose) &&
      atSeconds >= consent.fromSeconds &&
      atSeconds < consent.untilSeconds,
  );

  const now = (label: Label): Label =>
    label.succession !== undefined && label.succession.atSeconds <= atSeconds
      ? now(label.succession.label)
      : label;

  function firstRefusal(marked: Label, digest: string): string | undefined {
    const label = now(marked);
    const order = holderScheme.levels.map((level) => level.id);
    const foreign =
      inbound?.from === label.scheme && inbound.to === holderScheme.id ? inbound.levels : new Map();
    const level = own
      ? label.scheme === holderScheme.id
        ? label.classification
        : ''
      : foreign.get(label.classification);
    const place = order.indexOf(level ?? '');
    const held = (set: string, value: string): boolean =>
      recipient.categories.some((entry) => entry.set === set && entry.values.includes(value));
    const consented = consents.some(({ parts }) => digest === '' || parts === 'all' || parts.has(digest));
    const rows: [string, boolean][] = [
      [
        'exercise',
        exercise === undefined ||
          (situation.exercise?.id === exercise && situation.exercise.players.includes(recipient.state)),
      ],
      [
        'originator-control',
        !barred &&
          (own || mode !== 'letter') &&
          (consented || [issuer, ...(label.releasableTo ?? [])].includes(recipient.state)),
      ],
      [
        'classification',
        place >= 0 &&
          place <= order.indexOf(recipient.ceiling) &&
          recipient.outbound.from === holderScheme.id &&
          recipient.outbound.levels.has(level ?? ''),
      ],
      [
        'tlp',
        (label.tlp !== 'RED' || (mode === 'letter' && recipient.officer !== undefined)) &&
          (!label.tlp?.startsWith('AMBER') || consented || (own && mode !== 'relay')) &&
          (recipient.community || [undefined, 'CLEAR'].includes(label.tlp)),
      ],
      [
        'categories',
        (label.categories ?? []).every(({ set, values }) => {
          const kind = own ? holderScheme.categorySets.find((each) => each.id === set)?.type : undefined;
          if (kind === 'restrictive') return values.filter((value) => !held(set, value)).length === 0;
          if (kind === 'permissive') return values.filter((value) => held(set, value)).length > 0;
          return kind === 'informative';
        }),
      ],
      ['purpose', PURPOSES.has(purpose) && (label.purposes ?? [purpose]).includes(purpose)],
    ];
    return rows.find(([, holds]) => !holds)?.[0];
  }

  /** What a field holds; null where it is not stated, undefined where it is not known. */
  function stated(field: string): unknown {
    if (!known) return undefined;
    if (!registered.fields.some(({ name, redaction }) => name === field && redaction === 'whole'))
      return null;
    return view.content.get(field) ?? (view.content.has(REDACTED) ? undefined : null);
  }

  /** true, false, or undefined where it is not known. */
  function applies({ when }: PlainRule): boolean | undefined {
    const answers: (boolean | undefined)[] = [when?.type?.includes(type) ?? true];
    if (when?.sector !== undefined) {
      const sectors = stated('sectors') as string[] | null | undefined;
      const asked = when.sector;
      if (sectors?.some((sector) => asked.includes(sector) || asked.includes(sector.split('/')[0] as string)))
        answers.push(true);
      else if (sectors === null || sectors?.every((sector) => !asked.some((a) => a.startsWith(`${sector}/`))))
        answers.push(false);
      else answers.push(undefined);
    }
    if (when?.severity !== undefined) {
      const severity = stated('severity') as Map<string, string> | null | undefined;
      const least = severityOrdinal(when.severity.scale, when.severity['at-least']) as number;
      if (severity === null) answers.push(false);
      else if (severity?.get('scale') !== when.severity.scale) answers.push(undefined);
      else answers.push((severityOrdinal(when.severity.scale, severity.get('value')) as number) >= least);
    }
    return answers.includes(false) ? false : answers.includes(undefined) ? undefined : true;
  }

  /** When a rule begins to permit; undefined where that cannot be said. */
  function beginOf({ after, from = 'issued' }: PlainRule): number | undefined {
    if (after === undefined) return 0;
    const anchor = from === 'issued' ? issuedAtSeconds : stated(`${from}At`);
    return typeof anchor === 'number' ? anchor + secondsOf(after) : undefined;
  }

  const isIn = (member: PlainMember): boolean =>
    typeof member === 'string'
      ? member === recipient.code
      : member.state === recipient.code &&
        atSeconds >= timeOf(member.from ?? '1970-01-01') &&
        (member.until === undefined || atSeconds < timeOf(member.until));
  const isTo = ({ to }: { to: string[] }): boolean =>
    to.some((name) => (policy.groups?.[name] ?? [name]).some(isIn));

  /** Whoever forbids without saying what forbids letters too; whoever permits does not permit them. */
  const anyMode = ({ effect }: PlainRule): string[] => [
    'push',
    'query',
    'relay',
    ...(effect === 'forbid' ? ['letter'] : []),
  ];
  const addressed = policy.rules.filter(
    (rule) =>
      isTo(rule) &&
      (rule.mode ?? anyMode(rule)).includes(mode) &&
      (rule.purpose ?? [purpose]).includes(purpose),
  );
  const forbidding = addressed.filter((rule) => rule.effect === 'forbid' && applies(rule) !== false);
  const permitting = addressed
    .filter((rule) => rule.effect !== 'forbid' && known && applies(rule) && beginOf(rule) !== undefined)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const grantSays = (field: string): unknown => (type === 'release-grant' ? stated(field) : null);
  const alongside =
    mode !== 'letter' &&
    (grantSays('thirdParty') === recipient.state || grantSays('holder') === recipient.state);

  const heard = approvals.filter(
    (fact) =>
      (fact.mode === 'letter') === (mode === 'letter') &&
      fact.officer !== situation.author &&
      (mode !== 'letter' || fact.addressee === recipient.officer) &&
      fact.atSeconds <= atSeconds,
  );
  const counting = heard.filter((fact) => [fact.mode, fact.purpose].join() === [mode, purpose].join());
  /** The last of what each officer said. */
  const lastWords = (said: ApprovalFact[]): ApprovalFact[] =>
    [...new Set(said.map(({ officer }) => officer))].map(
      (officer) =>
        said
          .filter((fact) => fact.officer === officer)
          .sort(weakerLast)
          .at(-1) as ApprovalFact,
    );
  /** Last words about a part that reject it, whatever they are about and whether or not they have ended. */
  const rejections = (digest: string): ApprovalFact[] =>
    lastWords(heard.filter(({ parts }) => parts.has(digest))).filter(({ decision }) => decision === 'reject');
  /** The rule that a rejection in force names. */
  const rejectedBy = (digest: string): string | undefined =>
    rejections(digest)
      .filter(({ notAfterSeconds }) => atSeconds < notAfterSeconds)
      .map(({ rule }) => rule)
      .sort()[0];

  /** How many officers approve. */
  function countOf(
    name: string,
    written: object,
    { by, within = 'P30D' }: PlainNeed,
    digest: string,
  ): number {
    const said = counting.filter(
      (fact) =>
        [fact.rule, fact.ruleDigest].join() === [name, digestOf(written)].join() &&
        fact.roles.includes(by) &&
        fact.parts.has(digest),
    );
    return lastWords(said).filter(
      (last) =>
        last.decision === 'approve' &&
        atSeconds < Math.min(last.notAfterSeconds, last.atSeconds + secondsOf(within)) &&
        rejections(digest).every((rejection) => rejection.atSeconds < last.atSeconds),
    ).length;
  }

  /** `approved`, or `NAME ROLE HAVE/NEEDED`. The envelope goes with the part that has come furthest. */
  function standing(name: string, written: { approve?: PlainNeed }, digest: string): string {
    const need = written.approve ?? { by: 'release-authority' };
    // Whoever wrote what is our own may be among those who approve, unless he has signed that he did.
    const isWriterKnown = !own || (situation.isAuthorProven === true && situation.author !== undefined);
    const persons = (need.persons ?? 1) + (isWriterKnown ? 0 : 1);
    const named = digest === '' ? approvals.flatMap(({ parts }) => [...parts]) : [digest];
    const open = named.filter((part) => rejectedBy(part) === undefined);
    const most = Math.max(...open.map((part) => countOf(name, written, need, part)), 0);
    return most >= persons ? 'approved' : `${name} ${need.by} ${most}/${persons}`;
  }

  /** What candidates say that do not let a part go. */
  function refusal(candidates: PlainRule[], digest: string): Fate | undefined {
    const begun = candidates.filter((rule) => (beginOf(rule) as number) <= atSeconds);
    const [first] = begun;
    if (first !== undefined) return `approval-needed ${standing(first.name, first, digest)}`;
    const [next] = candidates.toSorted((a, b) => (beginOf(a) as number) - (beginOf(b) as number));
    return next && `embargo ${next.name} ${beginOf(next)}`;
  }

  const satisfies = (rule: PlainRule, digest: string): boolean =>
    (beginOf(rule) as number) <= atSeconds &&
    ((rule.approve === undefined && rejections(digest).length === 0) ||
      standing(rule.name, rule, digest) === 'approved');

  function wordOf(whole: PlainRule[], way: PlainRule[], digest: string): Word {
    if (alongside || whole.some((rule) => satisfies(rule, digest))) return { fate: 'release' };
    const wayBy = way.find((rule) => satisfies(rule, digest))?.name;
    const otherwise = refusal(whole, digest);
    if (wayBy !== undefined) return { wayBy, otherwise };
    if (otherwise !== undefined) return { fate: otherwise };
    const fate = refusal(way, digest) ?? 'no-permit';
    return { fate, leads: isHold(fate) };
  }

  const under = (path: string, top: string): boolean => path === top || path.startsWith(`${top}.`);

  /** Whether one of these paths lies in what stands under a path. A frame shows nothing of what is inside it. */
  const hits = (path: string, frame: boolean, paths: string[]): boolean =>
    paths.some((p) => under(path, p) || (!frame && under(p, path)));

  const isForbidden = (path: string, frame: boolean): boolean =>
    forbidding.some(({ parts }) => parts === undefined || hits(path, frame, parts));

  function coverage({ parts, profile }: PlainRule, path: string, frame: boolean): string {
    const { keep, drop = [] }: PlainProfile =
      profile === undefined
        ? {}
        : (policy.profiles?.[profile] ?? (profiles.profiles as Record<string, PlainProfile>)[profile] ?? {});
    const lists = [parts, keep].filter((list) => list !== undefined);
    if (hits(path, frame, drop)) return 'none';
    if (lists.some((list) => !list.some((p) => under(path, p) || (frame && under(p, path))))) return 'none';
    return lists.every((list) => list.some((p) => under(path, p))) ? 'whole' : 'way';
  }

  function said({ pathText, digest }: Part, frame: boolean): Word {
    const path = pathText.replace(/\[\d+\]/g, '');
    if (isForbidden(path, frame)) return { fate: 'forbid' };
    const rejected = rejectedBy(digest);
    if (rejected !== undefined) return { fate: `rejected ${rejected}` };
    const covering = (wanted: string): PlainRule[] =>
      permitting.filter((rule) => coverage(rule, path, frame) === wanted);
    return wordOf(covering('whole'), covering('way'), digest);
  }

  /** The envelope comes with the fields in the clear, and so needs what lets them all go. */
  function saidOfEnvelope(): Word {
    const clear = [...view.record.claims.keys()].filter((key) => typeof key === 'string');
    const isClosed = clear.some((name) => isForbidden(name, false));
    if (isClosed || forbidding.some(({ parts }) => parts === undefined)) return { fate: 'forbid' };
    const opening = permitting.filter((rule) =>
      clear.every((name) => coverage(rule, name, false) === 'whole'),
    );
    return wordOf(opening, [], '');
  }

  const entries = [...(policy.limits ?? []).entries(), ...(policy.reciprocity ?? []).entries()]
    .map(([index, entry]) => ({ entry, name: `${entry.per ? 'limits' : 'reciprocity'}[${index}]` }))
    .filter(({ entry }) => isTo(entry));

  function isReached({ releases = 1, per, 'when-ratio-below': ratio = 0 }: PlainEntry): boolean {
    if (account === undefined) throw new Error('no account');
    if (per !== undefined) return account.releasesSince(atSeconds - secondsOf(per)) >= releases;
    return account.given >= releases && account.received * 100 < Math.round(ratio * 100) * account.given;
  }

  /** Whether an entry kept a part before, of letters in a letter only. */
  const hasHeld = (entry: PlainEntry, part: string): boolean =>
    (account?.held ?? []).some(
      (each) =>
        each.entry === digestOf(entry) &&
        each.parts.has(part) &&
        (each.mode === 'letter') === (mode === 'letter'),
    );

  /** What the entries make of a part that would go. */
  function limited(digest: string): Fate {
    if (alongside || (type === 'retraction' && mode !== 'letter')) return 'release';
    const waiting = entries
      .filter(({ entry }) => !account?.already.has(digest) && (isReached(entry) || hasHeld(entry, digest)))
      .map(({ name, entry }) => ({ name, word: standing(name, entry, digest) }))
      .find(({ word }) => word !== 'approved');
    return waiting
      ? `${waiting.name.startsWith('limits') ? 'limit' : 'reciprocity'} ${waiting.word}`
      : 'release';
  }

  const fates = new Map<string, Fate>();
  const outside = firstRefusal(view.header.label, '');
  if (outside !== 'exercise' && entries.length > 0 && account === undefined)
    return new Map(['', ...view.parts.map(({ digest }) => digest)].map((each) => [each, 'decision-error']));
  fates.set('', outside ?? (saidOfEnvelope().fate as Fate));
  const ways: { part: Part; word: Word; waits: boolean }[] = [];
  for (const part of view.parts) {
    const around = fates.get(part.ancestors.at(-1) ?? '') as Fate;
    const waits = isHold(around) || around === 'way that waits';
    const refused = firstRefusal(part.label, part.digest);
    const word: Word = refused === undefined ? said(part, isFrame(part)) : { fate: refused };
    if (!waits && !['release', 'way'].includes(around)) fates.set(part.digest, 'ancestor-withheld');
    else if (word.fate === undefined) {
      fates.set(part.digest, waits ? 'way that waits' : 'way');
      ways.push({ part, word, waits });
    } else {
      const fate = word.fate === 'release' ? limited(part.digest) : word.fate;
      fates.set(part.digest, fate === 'release' && waits ? 'ancestor-held' : fate);
      if (word.leads) ways.push({ part, word, waits });
    }
  }
  // From the innermost, so that what becomes of a way counts for the way around it.
  for (const { part, word, waits } of ways.reverse()) {
    const inside = view.parts
      .filter(({ ancestors }) => ancestors.includes(part.digest))
      .map(({ digest }) => fates.get(digest) as Fate);
    const waiting = waits ? 'ancestor-held' : `part-held ${word.wayBy}`;
    const own = word.wayBy === undefined ? word.fate : word.otherwise;
    if (word.wayBy === undefined) fates.set(part.digest, inside.some(isHold) ? word.fate : 'no-permit');
    else if (inside.includes('release')) fates.set(part.digest, 'release');
    else if (own !== undefined && isHold(own)) fates.set(part.digest, own);
    else fates.set(part.digest, inside.some(isHold) ? waiting : (own ?? 'no-permit'));
  }
  return fates;
}

function isHold(fate: Fate): boolean {
  return HOLDING.includes(fate.split(' ')[0] as string);
}

/** What counts comes last: the later; of one second a rejection; then what lets go for less long; then the first rule. */
function weakerLast(a: ApprovalFact, b: ApprovalFact): number {
  const rank = ({ decision }: ApprovalFact): number => (decision === 'reject' ? 1 : 0);
  const length = (a.notAfterSeconds - b.notAfterSeconds) * (a.decision === 'reject' ? 1 : -1);
  return a.atSeconds - b.atSeconds || rank(a) - rank(b) || length || (a.rule < b.rule ? 1 : -1);
}
