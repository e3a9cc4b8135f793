import type { Changes } from '../record/text.ts';
import { arcadia, borealis, NOW_SECONDS } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { needing, waiting } from './approval-scenes.ts';
import { stating, title } from './condition-scenes.ts';
import {
  by,
  cascadia,
  decided,
  decisions,
  failed,
  forbiddenBy,
  INSIDE,
  labelOf,
  NO_PERMIT,
  type Scene,
  titled,
  type Verdict,
} from './decision-scenes.ts';
import { type JsonObject, policy, rule } from './policy-text.ts';

/** A release-grant goes to the third party that it names (disclosure.md 4.15). */
export function decisionsByGrant(): VectorFile {
  return decisions('grants', grants());
}

const M2 = failed('M2', 'originator-control');
const nobody: Changes = [[5, undefined]];

const inside = (verdict: Verdict): Verdict => (verdict.outcome === 'release' ? verdict : INSIDE);

/** A grant goes to the third party that it names. */
function grants(): readonly ValidCase[] {
  const along = by('consent-goes-along');
  const third = { thirdParty: borealis.idText };
  const scene = (fields: Readonly<Record<string, string>>, type = 'release-grant'): Scene =>
    stating({ title, ...fields }, type);
  const of = (
    comment: string,
    given: Scene,
    rules: readonly JsonObject[],
    envelope: Verdict,
    verdicts: Readonly<Record<string, Verdict>>,
    more: JsonObject = {},
  ): ValidCase => decided(comment, { ...given, policy: policy(rules, more) }, envelope, verdicts);
  const whole = (
    comment: string,
    rules: readonly JsonObject[],
    verdict: Verdict,
    given = scene(third),
  ): ValidCase =>
    of(
      comment,
      given,
      rules,
      verdict,
      Object.fromEntries(Object.keys(given.paths).map((path) => [path, inside(verdict)])),
    );
  const granted = scene(third);
  const allowed = { holder: borealis.idText, decision: 'grant' };
  const revoked = { holder: borealis.idText, decision: 'revoke' };
  const taken = scene(revoked);
  const limits = { limits: [{ to: 'XBO', releases: 1, per: 'P1D', then: 'hold' }] };
  return [
    whole('the recipient is the third party, and no rule permits', [], along),
    whole('a rule of the policy is cited before it, whatever the names', [rule({ name: 'z' })], by('z')),
    whole('a rule waits: the grant goes along', [needing()], along),
    whole('a rule is in embargo: the grant goes along', [rule({ after: 'P1D' })], along),
    whole('a rule forbids', [rule({ effect: 'forbid' })], forbiddenBy('a')),
    whole('another state is the third party', [], NO_PERMIT, scene({ thirdParty: cascadia.idText })),
    whole(
      'the recipient is the holder, and not the third party',
      [],
      along,
      scene({ holder: borealis.idText, thirdParty: cascadia.idText }),
    ),
    whole(
      'the id of the third party in capitals',
      [],
      NO_PERMIT,
      scene({ thirdParty: borealis.idText.toUpperCase() }),
    ),
    whole('the third party is not stated', [], NO_PERMIT, scene({})),
    whole('a request, and no grant', [], NO_PERMIT, scene(third, 'release-request')),
    whole('a refusal goes along as well', [], along, scene({ ...third, decision: 'refuse' })),
    whole('the recipient is the holder, and the grant is revoked', [], along, scene(revoked)),
    whole('a rule waits: the revocation goes along', [needing()], along, scene(revoked)),
    whole('a rule in embargo: the revocation goes along', [rule({ after: 'P1D' })], along, scene(revoked)),
    whole('a rule forbids the revocation', [rule({ effect: 'forbid' })], forbiddenBy('a'), scene(revoked)),
    whole(
      'the recipient is neither the holder nor the third party of a revocation',
      [],
      NO_PERMIT,
      scene({ ...revoked, holder: cascadia.idText }),
    ),
    whole('the answer to the holder is a refusal', [], along, scene({ ...revoked, decision: 'refuse' })),
    whole('the decision is not stated', [], along, scene({ holder: borealis.idText })),
    whole('a rule waits: the grant goes to the holder', [needing()], along, scene(allowed)),
    whole('a rule in embargo: the grant goes to the holder', [rule({ after: 'P1D' })], along, scene(allowed)),
    whole(
      'a rule forbids the grant to the holder',
      [rule({ effect: 'forbid' })],
      forbiddenBy('a'),
      scene(allowed),
    ),
    whole(
      'the id of the holder in capitals',
      [],
      NO_PERMIT,
      scene({ ...allowed, holder: borealis.idText.toUpperCase() }),
    ),
    whole(
      'a request with the words of a grant to its holder',
      [],
      NO_PERMIT,
      scene(allowed, 'release-request'),
    ),
    whole('a request with the words of a revocation', [], NO_PERMIT, scene(revoked, 'release-request')),
    of(
      'the decision is withheld from the holder',
      { ...taken, disclosures: taken.record.parts.filter((part) => part !== taken.paths.decision) },
      [],
      along,
      { title: along, holder: along },
    ),
    of(
      'the holder is withheld from the holder',
      { ...taken, disclosures: taken.record.parts.filter((part) => part !== taken.paths.holder) },
      [],
      NO_PERMIT,
      { title: INSIDE, decision: INSIDE },
    ),
    decided(
      'a limit is reached: the grant goes to the holder',
      { ...scene(allowed), policy: policy([], limits), account: { releases: [NOW_SECONDS] } },
      along,
      { title: along, holder: along, decision: along },
    ),
    decided(
      'a limit is reached: the revocation goes to the holder',
      { ...taken, policy: policy([], limits), account: { releases: [NOW_SECONDS] } },
      along,
      { title: along, holder: along, decision: along },
    ),
    decided(
      'a limit is reached: the revocation goes to the third party',
      {
        ...scene({ ...third, decision: 'revoke', holder: cascadia.idText }),
        policy: policy([], limits),
        account: { releases: [NOW_SECONDS] },
      },
      along,
      { title: along, holder: along, decision: along, thirdParty: along },
    ),
    decided(
      'a limit is reached, and a rule permits: the revocation goes',
      { ...taken, policy: policy([rule({})], limits), account: { releases: [NOW_SECONDS] } },
      by('a'),
      { title: by('a'), holder: by('a'), decision: by('a') },
    ),
    of(
      'the holder does not have the third party',
      { ...granted, disclosures: granted.record.parts.filter((part) => part === granted.paths.title) },
      [],
      NO_PERMIT,
      { title: INSIDE },
    ),
    of('a rule forbids a part', granted, [rule({ parts: 'thirdParty', effect: 'forbid' })], along, {
      title: along,
      thirdParty: forbiddenBy('a'),
    }),
    of('a rule covers a part', granted, [rule({ parts: 'thirdParty' })], by('a'), {
      title: along,
      thirdParty: by('a'),
    }),
    decided(
      'a limit is reached: the grant goes to the third party',
      { ...granted, policy: policy([], limits), account: { releases: [NOW_SECONDS] } },
      along,
      { title: along, thirdParty: along },
    ),
    decided(
      'a limit is reached: a grant to two others is held like anything else',
      {
        ...scene({ ...allowed, holder: cascadia.idText }),
        policy: policy([rule({})], limits),
        account: { releases: [NOW_SECONDS] },
      },
      by('a'),
      {
        title: waiting('limits[0]', 0, 1, undefined, 'limit'),
        holder: waiting('limits[0]', 0, 1, undefined, 'limit'),
        decision: waiting('limits[0]', 0, 1, undefined, 'limit'),
      },
    ),
    decided(
      'the label of the grant does not let it go to the third party',
      {
        ...titled(arcadia, labelOf(arcadia, 'unclassified'), {
          subject: 'release-grant/alban',
          envelope: labelOf(arcadia, 'unclassified', undefined, nobody),
          payload: [['thirdParty', borealis.idText]],
        }),
        policy: policy([]),
      },
      M2,
      { title: INSIDE },
    ),
    decided(
      'the third party stands in the clear',
      {
        ...titled(arcadia, labelOf(arcadia, 'unclassified'), {
          subject: 'release-grant/alban',
          payload: [['thirdParty', borealis.idText]],
        }),
        policy: policy([]),
      },
      along,
      { title: along },
    ),
  ];
}
