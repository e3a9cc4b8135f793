import { toHex } from '@comity/digest';
import { type DossierReport, decodeDossier, verifyDossier } from '@comity/dossier';
import { isFault } from '@comity/fault';
import { type PlainScheme, schemeFrom } from '@comity/label';
import xar from '@comity/protocol/registries/samples/xar.json' with { type: 'json' };
import xbo from '@comity/protocol/registries/samples/xbo.json' with { type: 'json' };
import xca from '@comity/protocol/registries/samples/xca.json' with { type: 'json' };
import type { RecordId } from '@comity/record';
import { disclosureDigest } from '@comity/record';
import { Chance, RANDOM_PURPOSES, randomTerms } from '@comity/testkit';
import { expect, test } from 'vitest';
import { Course } from '../course.test-support.ts';
import { issueRecord } from '../course-steps.test-support.ts';
import { keepOriginLog } from '../logs/origin-log.ts';
import { assertAllowed } from '../release/handing-on.test-support.ts';
import { World, type WorldNode, type WorldState } from '../world.test-support.ts';
import { exportDossier } from './export-dossier.ts';

// In worlds of three states under random policies, with random records and terms: what a dossier shows to the readers of a state
// is what a question of that state is answered with, it is accounted for, and it verifies.

const STATES: readonly WorldState[] = [xar, xbo, xca].map(({ code, scheme }) => ({
  code,
  scheme: scheme as unknown as PlainScheme,
}));
const SEEDS = [18, 23, 24, 39];
const RECORDS = 10;

interface Shown {
  readonly report: DossierReport;
  /** Digests of the disclosures of each record in the file. */
  readonly digests: ReadonlyMap<string, ReadonlySet<string>>;
  readonly sha256: string;
}

interface Export {
  readonly from: WorldNode;
  readonly to: WorldNode;
  readonly id: RecordId;
  readonly purpose: string;
}

async function exported(world: World, { from, to, id, purpose }: Export): Promise<Shown | string> {
  const notified = world.nodes.filter((each) => each !== from && each !== to).map(({ code }) => code);
  try {
    const request = { ids: [id], to: to.code, purpose, notified, dryRun: false };
    const { content, sha256 } = await exportDossier(from.sovereign, request, () => {});
    const again = await exportDossier(from.sovereign, { ...request, dryRun: true }, () => {});
    expect(again.sha256).toBe(sha256);
    expect(again.records.every(({ isNew }) => !isNew)).toBe(true);
    const bytes = new Uint8Array(Buffer.from(content ?? '', 'base64'));
    const anchors = world.nodes.map(({ sovereign }) => sovereign.self.charter.bytes);
    const report = verifyDossier(bytes, { anchors, atSeconds: world.atSeconds });
    const { records } = decodeDossier(bytes);
    const digests = new Map(
      records.map(({ disclosures }, place) => [
        report.records[place]?.id ?? '',
        new Set(disclosures.map((each) => toHex(disclosureDigest(each)))),
      ]),
    );
    return { report, digests, sha256 };
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
}

async function logAll(world: World): Promise<void> {
  for (const { sovereign } of world.nodes) {
    const stop = new AbortController();
    const always = (): boolean => true;
    await keepOriginLog(sovereign, always, stop.signal, () => stop.abort()).catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
  }
}

test('what is exported is what is answered, is accounted for, and verifies', async () => {
  const seen = new Map<string, number>();
  const count = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
  for (const seed of SEEDS) {
    const chance = new Chance(seed);
    await using world = await World.found(
      STATES,
      ({ scheme: ours }, { scheme: theirs }) => randomTerms(chance, schemeFrom(ours), schemeFrom(theirs)),
      { seed, differ: true },
    );
    const course = new Course(seed, chance, world, false);
    for (const node of world.nodes) await course.apply(node);
    for (let issued = 0; issued < RECORDS; issued += 1) await issueRecord(course, chance.one(world.nodes));
    await course.settle();
    await logAll(world);
    const grants = [...course.compared.records.values()]
      .filter(({ draft }) => draft.type === 'release-grant')
      .map(({ issuer, draft }) => ({ issuer: issuer.state, content: draft.content }));
    for (const from of world.nodes) {
      for (const to of world.nodes) {
        if (from === to) continue;
        const purpose = chance.one(RANDOM_PURPOSES);
        const shown = new Map<RecordId, Shown | string>();
        for (const { id } of course.compared.records.values())
          shown.set(id, await exported(world, { from, to, id, purpose }));
        const answers = new Map(
          (await world.ask(to, from, purpose)).map(({ record, digests }) => [record, new Set(digests)]),
        );
        for (const [id, found] of shown) {
          if (typeof found === 'string') {
            count(found);
            if (found === 'dossier.not-released') expect(answers.has(id)).toBe(false);
            continue;
          }
          const { report, digests } = found;
          count(report.verdict);
          expect(report.verdict).not.toBe('INVALID');
          expect(new Set(digests.get(id))).toEqual(answers.get(id));
          for (const record of report.records) {
            count(`inclusion ${record.steps.find(({ step }) => step === 'inclusion')?.status}`);
            expect(record.verdict).toBe('VALID');
            if (record.header?.type === 'release-grant' && record.id !== id) count('a consent goes along');
            expect(record.header?.exercise).toBeUndefined();
            const known = course.compared.records.get(record.id);
            const handed = digests.get(record.id) ?? new Set<string>();
            const { digests: ledger } = await from.sovereign.store.released(to.state, record.id);
            expect([...handed].filter((digest) => !ledger.has(digest))).toEqual([]);
            if (known === undefined || known.issuer === from) continue;
            count('of another');
            assertAllowed({ from, to, whole: known.view, digests: handed, grants });
          }
          for (const { verdict, recipient, sender, released, steps } of report.notifications) {
            count(`notification ${verdict}`);
            // The reader may not be shown a consent, and then nobody can tell that there was one.
            const open = steps.filter(({ status }) => status !== 'done');
            expect(verdict).toBe(open.length === 0 ? 'VALID' : 'INDETERMINATE');
            expect(open.every((each) => JSON.stringify(each).includes('"no-consent"'))).toBe(true);
            expect(open.length === 0 || released?.mode === 'relay').toBe(true);
            const isParty = recipient === to.state || sender === to.state;
            expect(isParty || released?.told.every((each) => each.shown)).toBe(true);
          }
        }
      }
    }
  }
  // Worlds in which these never occur would prove nothing of them.
  const kinds = [
    'VALID',
    'dossier.not-released',
    'of another',
    'dossier.retraction-withheld',
    'inclusion done',
    'notification VALID',
    'a consent goes along',
  ];
  expect(kinds.filter((kind) => !seen.has(kind))).toEqual([]);
}, 120_000);
