import { deepStrictEqual, ok } from 'node:assert/strict';
import type { RecordId } from '@comity/record';
import { RANDOM_PURPOSES } from '@comity/testkit';
import type { Course, Issued } from './course.test-support.ts';
import type { Said } from './officers/deciding-officers.test-support.ts';
import { setSuspended } from './peers/suspend.ts';
import {
  byDigest,
  type Foreseen,
  keyOf,
  type PassageKey,
  released,
} from './policy/compared-world.test-support.ts';
import { explainForPeer } from './release/explain.ts';
import type { WorldNode } from './world.test-support.ts';

// Things that happen in a world, each with what must be so then.

const DAY_SECONDS = 86_400;
const CHANGES = ['policy', 'suspension', 'time'] as const;
/** What changes between a release and its service. */
export type Change = (typeof CHANGES)[number];
const NOTHING: ReadonlySet<string> = new Set();

/** A record is issued: what comes first is exactly what was previewed of the draft, part by part and peer by peer. */
export async function issueRecord(course: Course, from: WorldNode): Promise<void> {
  const { id, view } = await course.issue(from);
  const came = await course.compared.handAll(from);
  const left = await course.compared.previews(from);
  for (const to of course.world.nodes) {
    const key = keyOf({ from, to, record: id });
    const foreseen = course.compared.foreseen.get(key);
    if (foreseen === undefined) continue;
    const paths = (digests: ReadonlySet<string>): string[] =>
      view.parts.filter(({ digest }) => digests.has(digest)).map(({ pathText }) => pathText);
    deepStrictEqual(paths(came.get(key) ?? NOTHING), paths(released(foreseen)), `issued: ${key}`);
    // What is still to come is what was previewed before anything had gone.
    const toCome = (parts: Foreseen = new Map()): string[] =>
      view.parts.flatMap(({ digest, pathText }) => {
        const { outcome: said, from: at } = parts.get(digest) ?? {};
        return said === 'release' ? [] : [`${pathText} ${said} ${at}`];
      });
    deepStrictEqual(toCome(left.get(key)), toCome(foreseen), `to come: ${key}`);
  }
  await course.settle();
}

/** Officers decide about some of what waits, one statement after the other. */
export async function decideSome(course: Course): Promise<void> {
  for (const [node, officers] of course.officers) {
    for (let statements = course.chance.between(0, 3); statements > 0; statements -= 1) {
      const said = await officers.say(course.chance);
      if (said === undefined) break;
      await compareSaid(course, node, said);
    }
  }
}

/** What comes by a statement comes for what the statement is about, and not before as many have approved as were named. */
async function compareSaid(
  course: Course,
  from: WorldNode,
  { decision, about, to, waited, released: may }: Said,
): Promise<void> {
  const { compared } = course;
  course.count(decision);
  const record = about.record as RecordId;
  const key = keyOf({ from, to, record });
  const before = compared.foreseen.get(key);
  // Of what answers a question more may be kept for a time: it goes when that is over.
  if (decision === 'approve' && about.mode !== 'push')
    compared.letGoLater(
      key,
      about.parts.map(({ digest }) => digest),
    );
  const came = await compared.handAll(from);
  const now = (await compared.previews(from)).get(key);
  for (const [other, digests] of came) {
    // With a record goes what tells of it.
    if (digests.size === 0 || compared.aboutOf(other.split(' ')[2] as RecordId) === record) continue;
    deepStrictEqual(other, key, 'a statement lets go what it is about');
    // What only shows the way to a part goes with that part.
    const parts = compared.records.get(record)?.view.parts ?? [];
    const ways = new Set(parts.flatMap(({ digest, ancestors }) => (digests.has(digest) ? ancestors : [])));
    for (const digest of digests) {
      ok(released(now).has(digest) || may.has(digest), `said, and not foreseen: ${key}`);
      // A preview names who has to approve before it goes unasked.
      const named = about.mode === 'push' ? before?.get(digest)?.missing : undefined;
      for (const missing of ways.has(digest) ? [] : [waited.get(digest), named])
        ok(
          missing === undefined || missing.persons - missing.have <= 1,
          `came before all had approved: ${key}`,
        );
    }
  }
  if (came.size > 0) course.count('came by approval');
  if (now !== undefined) compared.foreseen.set(key, now);
  await course.settle();
}

/** One node asks another for all that there is: it is answered with exactly what is explained of that. */
export async function askForAll(course: Course): Promise<void> {
  const { chance, world, counts } = course;
  const [asker, holder] = [chance.one(world.nodes), chance.one(world.nodes)];
  if (asker === holder) return;
  const purpose = chance.one(RANDOM_PURPOSES);
  const before = await explained(course, holder, asker, purpose);
  const answers = await world.ask(asker, holder, purpose);
  const after = counts ? await explained(course, holder, asker, purpose) : before;
  const answered = new Map<PassageKey, Set<string>>();
  for (const { record, digests } of answers)
    answered.set(keyOf({ from: holder, to: asker, record }), new Set(digests));
  deepStrictEqual(answered.size, answers.length, 'each record is answered with once');
  for (const key of new Set([...before.keys(), ...answered.keys(), ...after.keys()])) {
    const [said, got, then] = [before, answered, after].map((all) => [...(all.get(key) ?? [])].sort());
    // A policy that counts holds more with each record that is answered with.
    if (!counts) deepStrictEqual(got, said, `answered: ${key}`);
    else {
      ok(
        got?.every((digest) => said?.includes(digest)),
        `answered without explanation: ${key}`,
      );
      ok(
        then?.every((digest) => got?.includes(digest)),
        `explained and not answered: ${key}`,
      );
    }
  }
  course.count('asked');
  course.count('answered', answered.size);
  await course.settle({ answered });
}

/** What a question would be answered with, by record. */
async function explained(
  { compared, world }: Course,
  holder: WorldNode,
  asker: WorldNode,
  purpose: string,
): Promise<Map<PassageKey, Set<string>>> {
  const found = new Map<PassageKey, Set<string>>();
  for (const { id, issuer } of compared.records.values()) {
    const view = await world.view(holder, id);
    if (view === undefined) continue;
    const mode = issuer === holder ? 'query' : 'relay';
    const { parts } = await explainForPeer(holder.sovereign, { record: id, peer: asker.code, mode, purpose });
    const going = released(
      byDigest(
        view,
        parts.filter(({ path }) => path !== 'envelope'),
      ),
    );
    if (going.size > 0) found.set(keyOf({ from: holder, to: asker, record: id }), new Set(going));
  }
  return found;
}

/** Something changes between the issue of a record and its hand-over: what comes is what is previewed then. */
export async function changeMeanwhile(course: Course, from: WorldNode, wanted?: Change): Promise<void> {
  const { chance, world } = course;
  const issued = await course.issue(from);
  const { code } = chance.one(world.nodes.filter((node) => node !== from));
  const suspend = (suspended: boolean, everywhere: boolean): Promise<unknown> =>
    setSuspended(from.sovereign, code, { suspended, everywhere }, () => {});
  const drawn = chance.one(CHANGES);
  const change = wanted ?? drawn;
  if (change === 'policy') await course.apply(from);
  else if (change === 'time') world.turnTo(world.atSeconds + chance.between(1, DAY_SECONDS));
  else await suspend(true, chance.once(2));
  await letGoWhatStands(course, from, issued);
  course.count(`changed: ${change}`);
  await course.settle();
  if (change !== 'suspension') return;
  await suspend(false, true);
  await course.settle();
}

/** What was planned for a purpose goes for that also where nothing is handed over unasked for it any more. */
async function letGoWhatStands(course: Course, from: WorldNode, { id, view, peers }: Issued): Promise<void> {
  for (const { peer, purposes } of peers) {
    const to = course.world.nodes.find(({ code }) => code === peer);
    ok(to !== undefined);
    for (const purpose of purposes) {
      const { parts } = await explainForPeer(from.sovereign, { record: id, peer, mode: 'push', purpose });
      const going = released(
        byDigest(
          view,
          parts.filter(({ path }) => path !== 'envelope'),
        ),
      );
      course.compared.letGoLater(keyOf({ from, to, record: id }), going);
    }
  }
}

/** What each node holds of others is what came, and nothing else. */
export async function compareStores({ compared, world }: Course): Promise<void> {
  for (const { id, issuer } of compared.records.values()) {
    for (const to of world.nodes) {
      if (to === issuer) continue;
      const held = (await world.view(to, id))?.parts.map(({ digest }) => digest) ?? [];
      const came = world.nodes.flatMap((from) => [
        ...(compared.arrived.get(keyOf({ from, to, record: id })) ?? NOTHING),
      ]);
      deepStrictEqual(held.sort(), [...new Set(came)].sort(), `held by ${to.code}: ${id}`);
    }
  }
}
