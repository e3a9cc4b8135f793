import { deepStrictEqual, ok } from 'node:assert/strict';
import type { RecordId, View } from '@comity/record';
import { type Chance, type PlainDraft, randomDraft, randomPolicy, seededEntropy } from '@comity/testkit';
import { issueDrafts } from './issue.ts';
import { DecidingOfficers, OFFICERS } from './officers/deciding-officers.test-support.ts';
import type { PeerOutcome } from './operations/shapes.ts';
import {
  byDigest,
  ComparedWorld,
  type Expected,
  type Foreseen,
  keyOf,
  type PassageKey,
} from './policy/compared-world.test-support.ts';
import { applyPolicy } from './policy/policy.ts';
import { previewDraft } from './release/preview.ts';
import type { Sovereign } from './sovereign.ts';
import type { World, WorldNode } from './world.test-support.ts';

/** A record that was previewed as a draft and is issued. Nothing of it has been handed over yet. */
export interface Issued {
  readonly id: RecordId;
  readonly view: View;
  /** The preview of the draft. */
  readonly peers: readonly PeerOutcome[];
}

/** What a world goes through, as chance has it, and what has been seen on the way. */
export class Course {
  readonly chance: Chance;
  readonly world: World;
  readonly compared: ComparedWorld;
  /** Whether policies count what they release. */
  readonly counts: boolean;
  readonly officers = new Map<WorldNode, DecidingOfficers>();
  /** How often each outcome and reason was previewed, and what was done how often. */
  readonly tally = new Map<string, number>();
  readonly #seed: number;
  readonly #cases = new Set<PassageKey>();

  constructor(seed: number, chance: Chance, world: World, counts: boolean) {
    this.#seed = seed;
    this.chance = chance;
    this.world = world;
    this.counts = counts;
    this.compared = new ComparedWorld(world, counts);
  }

  /** Pairs of a record at a node and a peer of that node that were previewed and compared. */
  get cases(): number {
    return this.#cases.size;
  }

  count(what: string, times = 1): void {
    this.tally.set(what, (this.tally.get(what) ?? 0) + times);
  }

  /** Puts a random policy in force at a node. */
  async apply({ sovereign }: WorldNode): Promise<void> {
    const { atSeconds, nodes } = this.world;
    const codes = nodes.map(({ code }) => code);
    const policy = randomPolicy(this.chance, { codes, atSeconds, counts: this.counts });
    await applyPolicy(sovereign, { text: JSON.stringify(policy) }, () => {});
    const node = nodes.find((each) => each.sovereign === sovereign);
    const asksPeople = /"approve"|"limits"/.test(JSON.stringify(policy));
    if (node === undefined || !asksPeople || this.officers.has(node)) return;
    this.officers.set(node, await DecidingOfficers.enrol(this.world, node));
  }

  /** Previews a random draft and issues it, with the same salts: it is the same record both times. */
  async issue(from: WorldNode): Promise<Issued> {
    const draft = this.#draft(from);
    const salts = `${this.#seed} salts ${this.compared.records.size}`;
    const salted = (): Sovereign =>
      Object.create(from.sovereign, { entropy: { value: seededEntropy(salts) } });
    const author = this.chance.one(Object.keys(OFFICERS));
    const officers = this.officers.get(from);
    // Half of what is written nobody has signed that he wrote it.
    const claimedBy = officers !== undefined && this.compared.records.size % 2 === 1 ? author : undefined;
    const { peers } = await previewDraft(salted(), draft, undefined, claimedBy);
    const [issued] = await issueDrafts(salted(), [draft], { acceptRelay: true, user: author }, () => {});
    const id = issued?.id as RecordId;
    if (claimedBy !== undefined) await officers?.claim(claimedBy, id);
    const view = await this.world.view(from, id);
    ok(view !== undefined);
    this.compared.records.set(id, { id, issuer: from, view, draft });
    for (const to of this.world.nodes) {
      const outcome = peers.find(({ peer }) => peer === to.code);
      if (outcome === undefined) continue;
      this.compared.foreseen.set(keyOf({ from, to, record: id }), byDigest(view, outcome.parts));
    }
    return { id, view, peers };
  }

  #draft(from: WorldNode): PlainDraft {
    const { atSeconds, nodes } = this.world;
    const own = [...this.compared.records.values()].filter(({ issuer }) => issuer === from);
    const earlier = own.map(({ id, view }) => ({ id, digests: view.parts.map(({ digest }) => digest) }));
    const codes = nodes.map(({ code }) => code);
    const { scheme } = from.sovereign.self.charter;
    return randomDraft(this.chance, from.code, { scheme, codes, atSeconds }, earlier);
  }

  async settle(expected: Expected = {}): Promise<void> {
    await this.compared.settle(expected);
    for (const [key, foreseen] of this.compared.foreseen) this.#countCase(key, foreseen);
  }

  #countCase(key: PassageKey, foreseen: Foreseen): void {
    if (this.#cases.has(key)) return;
    const [from, , id] = key.split(' ') as [string, string, RecordId];
    const reasons = new Set([...foreseen.values()].map(({ reason }) => reason));
    // Whose record it is, and who gave it, is handed nothing of it, whatever the rest.
    if (reasons.has('own-record') || reasons.has('gave-it')) return;
    this.#cases.add(key);
    this.count(from === this.compared.records.get(id)?.issuer.code ? 'own' : 'handed on');
    for (const { outcome, reason, from: at } of foreseen.values()) {
      this.count(`${outcome} ${reason}`);
      if (at !== undefined) this.count('foretold');
    }
  }

  /** What previews say will come by itself, by the time at which it will. */
  foretold(): Map<number, Map<PassageKey, Set<string>>> {
    const told = new Map<number, Map<PassageKey, Set<string>>>();
    for (const [key, foreseen] of this.compared.foreseen) {
      for (const [digest, { from }] of foreseen) {
        if (from === undefined || this.compared.arrived.get(key)?.has(digest)) continue;
        const atSeconds = Date.parse(from) / 1_000;
        const then = told.get(atSeconds) ?? new Map<PassageKey, Set<string>>();
        told.set(atSeconds, then);
        then.set(key, new Set([...(then.get(key) ?? []), digest]));
      }
    }
    return told;
  }

  /** Turns the clock to each time that a preview names, and to the second before it. */
  async turnThrough(maxTurns: number): Promise<void> {
    for (let turns = 0; turns < maxTurns; turns += 1) {
      const told = this.foretold();
      const next = Math.min(...told.keys());
      if (!Number.isFinite(next)) return;
      if (next - 1 > this.world.atSeconds) {
        this.world.turnTo(next - 1);
        await this.settle({ foretold: new Map() });
      }
      const foretold = this.foretold().get(next) ?? new Map();
      // What a policy that counts held may have come meanwhile, and count itself; otherwise time alone changes no forecast.
      if (!this.counts) deepStrictEqual(foretold, told.get(next));
      this.world.turnTo(next);
      await this.settle({ foretold });
      this.count('turned');
    }
  }
}
