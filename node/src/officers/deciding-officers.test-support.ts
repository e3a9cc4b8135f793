import { deepStrictEqual, ok } from 'node:assert/strict';
import { signAct, signApproval } from '@comity/approval';
import type { Mode } from '@comity/disclosure';
import type { LocalSigner } from '@comity/ed25519';
import type { StateId } from '@comity/label';
import type { RecordId } from '@comity/record';
import type { Chance } from '@comity/testkit';
import { decideReleases } from '../approve.ts';
import { createOfficerKey } from '../keys/officer-key.ts';
import type { PendingRelease } from '../operations/approvals.ts';
import type { PartOutcome } from '../operations/shapes.ts';
import { givenBy } from '../records/stored-view.ts';
import { groundsOf } from '../release/grounds.ts';
import { pendingReleases } from '../release/pending.ts';
import type { World, WorldNode } from '../world.test-support.ts';
import { claimOf, claimRecord } from './authorship.ts';
import { enrolProven } from './proven-officer.test-support.ts';

/** Officers of each state. Whoever of them writes a record does not decide about it. */
export const OFFICERS: Readonly<Record<string, readonly ('officer' | 'release-authority')[]>> = {
  anna: ['officer', 'release-authority'],
  ben: ['officer'],
  cleo: ['release-authority'],
  dora: ['officer', 'release-authority'],
};

const HOUR_SECONDS = 3_600;
const MAX_SECONDS = 30 * 24 * HOUR_SECONDS;

type Needs = ReadonlyMap<string, NonNullable<PartOutcome['missing']>>;

/** What an officer has said. */
export interface Said {
  readonly decision: 'approve' | 'reject';
  /** What it was about. */
  readonly about: PendingRelease;
  readonly to: WorldNode;
  /** What waited for officers because of the rule, by part, before. */
  readonly waited: Needs;
  /** Parts that may go for the mode and purpose that it was about, now. */
  readonly released: ReadonlySet<string>;
}

/** The officers of one node of a world, with their keys. */
export class DecidingOfficers {
  readonly #world: World;
  readonly #node: WorldNode;
  readonly #signers: ReadonlyMap<string, LocalSigner>;

  private constructor(world: World, node: WorldNode, signers: ReadonlyMap<string, LocalSigner>) {
    this.#world = world;
    this.#node = node;
    this.#signers = signers;
  }

  static async enrol(world: World, node: WorldNode): Promise<DecidingOfficers> {
    const signers = new Map<string, LocalSigner>();
    const { home, entropy } = node.sovereign;
    for (const [id, roles] of Object.entries(OFFICERS)) {
      const { signer, seal } = createOfficerKey(`${home.root}/${id}.key`, node.state, id, entropy);
      const keys = { publicKey: signer.publicKey, sealKey: seal.publicKey };
      await enrolProven(node.sovereign, { id, name: id, roles, ...keys, validDays: 300 });
      signers.set(id, signer);
    }
    return new DecidingOfficers(world, node, signers);
  }

  /** One of them says something about one of the releases that wait; undefined where nobody of them can. */
  async say(chance: Chance): Promise<Said | undefined> {
    const { pending } = await pendingReleases(this.#node.sovereign, {});
    if (pending.length === 0) return undefined;
    const about = chance.one(pending);
    const able = [...this.#signers.keys()].filter(
      (id) =>
        OFFICERS[id]?.some((role) => role === about.role) &&
        id !== about.author &&
        !about.approvedBy.includes(id),
    );
    const to = this.#world.nodes.find(({ state }) => state === about.recipient);
    ok(to !== undefined);
    if (able.length === 0) return undefined;
    const decision = chance.once(5) ? 'reject' : 'approve';
    const waited = await this.#waiting(about);
    const lastsSeconds = chance.one([HOUR_SECONDS, MAX_SECONDS]);
    const statement = await this.#sign(chance.one(able), decision, about, lastsSeconds);
    await decideReleases(this.#node.sovereign, [statement], () => {});
    assertHeard(waited, await this.#waiting(about), decision);
    const released = (await this.#decided(about))?.released ?? new Set<string>();
    return { decision, about, to, waited, released };
  }

  /** An officer signs that he wrote a record. */
  async claim(officer: string, record: RecordId): Promise<void> {
    const { sovereign, state } = this.#node;
    const act = { state, officer, ...claimOf(record), atSeconds: this.#world.atSeconds };
    await claimRecord(sovereign, record, await signAct(act, this.#signers.get(officer) as LocalSigner));
  }

  #sign(
    officer: string,
    decision: 'approve' | 'reject',
    { record, recipient, mode, purpose, rule, ruleDigest, parts }: PendingRelease,
    lastsSeconds: number,
  ): Promise<Uint8Array> {
    const { atSeconds } = this.#world;
    return signApproval(
      {
        state: this.#node.state,
        officer,
        decision,
        recordId: record as RecordId,
        parts: new Set(parts.map(({ digest }) => digest)),
        recipient: recipient as StateId,
        mode,
        purpose,
        rule,
        ruleDigest,
        atSeconds,
        notAfterSeconds: atSeconds + lastsSeconds,
      },
      this.#signers.get(officer) as LocalSigner,
    );
  }

  async #decided({ record, peer, mode, purpose }: PendingRelease) {
    const { sovereign } = this.#node;
    const { state } = sovereign.peers.byCode(peer);
    const view = await this.#world.view(this.#node, record as RecordId);
    ok(view !== undefined);
    const grounds = await groundsOf(sovereign, view, state);
    return sovereign.door.decide(view, state, mode as Mode, purpose, grounds);
  }

  async #waiting(about: PendingRelease): Promise<Needs> {
    const decision = await this.#decided(about);
    const stored = await this.#node.sovereign.store.records('real').get(about.record as RecordId);
    const gave = stored && givenBy(stored, about.recipient as StateId);
    const named = new Set(about.parts.map(({ digest }) => digest));
    // About what the recipient gave itself nobody is asked.
    const isAsked = (digest: string): boolean =>
      named.has(digest) || gave === undefined || gave === 'all' || !gave.has(digest);
    return new Map(
      decision?.parts.flatMap(({ digest, outcome, rule, missing }) =>
        outcome === 'hold' && isAsked(digest) && rule === about.rule && missing !== undefined
          ? [[digest, missing] as const]
          : [],
      ),
    );
  }
}

/** What has all the approvals that it waited for waits for them no longer, nor does what is rejected; for the rest one more counts. */
function assertHeard(before: Needs, after: Needs, decision: 'approve' | 'reject'): void {
  const expected = [...before].flatMap(([digest, { have, persons, role }]) =>
    decision === 'reject' || have + 1 >= persons ? [] : [[digest, { role, persons, have: have + 1 }]],
  );
  // What a policy counts may hold more by what has gone: only what waited before is looked at.
  const left = [...after].filter(([digest]) => before.has(digest));
  deepStrictEqual(left, expected, `after what an officer has said: ${decision}`);
}
