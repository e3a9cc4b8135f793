// The decision of DISCLOSURE §1 to §3, written from the page and nothing else, to be compared with the real one. It knows
// no classes, no index and no memory, and names levels by their place in the scheme.

import { REDACTED } from '@comity/cbor';
import { type Label, PURPOSES } from '@comity/label';
import profiles from '@comity/protocol/registries/minimisation-profiles.json' with { type: 'json' };
import { type Part, severityOrdinal, type View } from '@comity/record';

import type { Recipient, Situation } from './situation.ts';

export interface PlainProfile {
  keep?: string[];
  drop?: string[];
}

export interface PlainRule {
  name: string;
  to: string[];
  mode?: string[];
  purpose?: string[];
  when?: { type?: string[]; sector?: string[]; severity?: { scale: string; 'at-least': string } };
  parts?: string[];
  profile?: string;
  effect?: string;
}

export interface PlainPolicy {
  comity: string;
  groups?: Record<string, string[]>;
  profiles?: Record<string, PlainProfile>;
  rules: PlainRule[];
}

export type Fate = 'release' | string;

/** What becomes of the envelope (under the empty digest) and of each part: `release`, or the reason. */
export function oracle(
  policy: PlainPolicy,
  view: View,
  isFrame: (part: Part) => boolean,
  recipient: Recipient,
  situation: Situation,
): Map<string, Fate> {
  const { holder, holderScheme, atSeconds, mode, purpose } = situation;
  const { issuer, type, exercise } = view.header;
  const own = holder === issuer;
  const inbound = own ? undefined : situation.inboundOf(issuer);
  const known = ['incident', 'norm', 'commitment', 'retraction', 'release-request', 'release-grant'].includes(
    type,
  );

  const now = (label: Label): Label =>
    label.succession !== undefined && label.succession.atSeconds <= atSeconds
      ? now(label.succession.label)
      : label;

  function firstRefusal(marked: Label): string | undefined {
    const label = now(marked);
    const order = holderScheme.levels.map(({ id }) => id);
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
    const rows: [string, boolean][] = [
      [
        'exercise',
        exercise === undefined ||
          (situation.exercise?.id === exercise && situation.exercise.players.includes(recipient.state)),
      ],
      ['originator-control', [issuer, ...(label.releasableTo ?? [])].includes(recipient.state)],
      [
        'classification',
        place >= 0 &&
          place <= order.indexOf(recipient.ceiling) &&
          recipient.outbound.from === holderScheme.id &&
          recipient.outbound.levels.has(level ?? ''),
      ],
      [
        'tlp',
        label.tlp !== 'RED' &&
          (!label.tlp?.startsWith('AMBER') || (own && mode !== 'relay')) &&
          (recipient.community || [undefined, 'CLEAR'].includes(label.tlp)),
      ],
      [
        'categories',
        (label.categories ?? []).every(({ set, values }) => {
          const kind = own ? holderScheme.categorySets.find(({ id }) => id === set)?.type : undefined;
          if (kind === 'restrictive') return values.filter((value) => !held(set, value)).length === 0;
          if (kind === 'permissive') return values.filter((value) => held(set, value)).length > 0;
          return kind === 'informative';
        }),
      ],
      ['purpose', PURPOSES.has(purpose) && (label.purposes ?? [purpose]).includes(purpose)],
    ];
    return rows.find(([, holds]) => !holds)?.[0];
  }

  /** true, false, or undefined where it is not known. */
  function applies({ when }: PlainRule): boolean | undefined {
    const stated = (field: string): unknown => {
      if (!known) return undefined;
      if (type !== 'incident') return null;
      return view.content.get(field) ?? (view.content.has(REDACTED) ? undefined : null);
    };
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

  const addressed = policy.rules.filter(
    ({ to, mode: modes = [mode], purpose: purposes = [purpose] }) =>
      to.flatMap((name) => policy.groups?.[name] ?? [name]).includes(recipient.code) &&
      modes.includes(mode) &&
      purposes.includes(purpose),
  );
  const forbidding = addressed.filter((rule) => rule.effect === 'forbid' && applies(rule) !== false);
  const permitting = addressed.filter((rule) => rule.effect !== 'forbid' && known && applies(rule) === true);
  const under = (path: string, top: string): boolean => path === top || path.startsWith(`${top}.`);

  function said(path: string, frame: boolean): 'forbid' | 'no-permit' | 'whole' | 'way' {
    const hit = (paths: string[]): boolean => paths.some((p) => under(path, p) || (!frame && under(p, path)));
    if (forbidding.some(({ parts }) => parts === undefined || hit(parts))) return 'forbid';
    const ways = permitting.map(({ parts, profile }) => {
      const { keep, drop = [] }: PlainProfile =
        profile === undefined
          ? {}
          : (policy.profiles?.[profile] ??
            (profiles.profiles as Record<string, PlainProfile>)[profile] ??
            {});
      const lists = [parts, keep].filter((list) => list !== undefined);
      if (hit(drop) || lists.some((list) => !list.some((p) => under(path, p) || (frame && under(p, path)))))
        return 'no-permit';
      return lists.every((list) => list.some((p) => under(path, p))) ? 'whole' : 'way';
    });
    return ways.includes('whole') ? 'whole' : ways.includes('way') ? 'way' : 'no-permit';
  }

  const fates = new Map<string, Fate>();
  const wholeForbidden = forbidding.some(({ parts }) => parts === undefined);
  fates.set(
    '',
    firstRefusal(view.header.label) ??
      (wholeForbidden ? 'forbid' : permitting.length === 0 ? 'no-permit' : 'release'),
  );
  const ways: Part[] = [];
  for (const part of view.parts) {
    const around = part.ancestors.at(-1) ?? '';
    const word = said(part.pathText.replace(/\[\d+\]/g, ''), isFrame(part));
    if (fates.get(around) !== 'release') fates.set(part.digest, 'ancestor-withheld');
    else
      fates.set(
        part.digest,
        firstRefusal(part.label) ?? (word === 'whole' || word === 'way' ? 'release' : word),
      );
    if (word === 'way' && fates.get(part.digest) === 'release') ways.push(part);
  }
  // A way that leads to nothing is not released. From the innermost, so that a way to a way goes too.
  for (const way of ways.reverse()) {
    const leads = view.parts.some(
      (part) => part.ancestors.includes(way.digest) && fates.get(part.digest) === 'release',
    );
    if (!leads) fates.set(way.digest, 'no-permit');
  }
  return fates;
}
