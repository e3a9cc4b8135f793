import { compareBytes, toHex } from '@comity/digest';
import type { StateId } from '@comity/label';
import { formatVkey, judgeQuorum, parseQuorumPolicy, quorumOf } from '@comity/log';
import { CLOCK_SKEW_SECONDS } from '@comity/record';
import { type StoredCheckpoint, TABLES } from '@comity/store';
import type { Sovereign } from '../sovereign.ts';
import { ownLogName } from './log-generation.ts';
import { logVerifiersOf, witnessVerifiersOf } from './origin-keys.ts';

/** Checkpoints that are looked through, from the newest on, for one that has its quorum. */
const CHECKPOINTS_LOOKED_AT = 64;

/** A checkpoint of the own log with what its witnesses have made of it. */
export interface CosignedCheckpoint {
  readonly size: number;
  /** Hexadecimal. */
  readonly root: string;
  /** The checkpoint with all cosignatures, their lines in ascending order. */
  readonly note: string;
  readonly cosigners: readonly { readonly state: StateId; readonly atSeconds: number }[];
  readonly isReached: boolean;
  /** When the quorum was reached by the words of the witnesses; undefined where it is not, or nobody is there to witness. */
  readonly trustedSeconds: number | undefined;
}

/** Whose cosignatures the own log needs. */
export interface OwnQuorum {
  /** C2SP tlog-policy (witness.md §1). */
  readonly policy: string;
  /** States, of how many; 0 where this state has no peer. */
  readonly needed: number;
  readonly of: number;
}

/**
 * The policy by which this state judges its own log: so many of the peers that it serves, each once, whatever keys it has.
 */
export function ownQuorum(sovereign: Sovereign): OwnQuorum {
  const { self, peers, config } = sovereign;
  const witnesses = peers
    .all()
    .filter(({ suspended }) => !suspended)
    .map(({ code, state }) => ({ code, keys: witnessVerifiersOf(sovereign, state).map(formatVkey) }))
    .filter(({ keys }) => keys.length > 0);
  const logs = logVerifiersOf(sovereign, self.state).map((log) => `log ${formatVkey(log)}`);
  if (witnesses.length === 0) return { policy: lines([...logs, 'quorum none']), needed: 0, of: 0 };
  const needed = Math.min(config.witness.quorum ?? quorumOf(witnesses.length), witnesses.length);
  const each = witnesses.flatMap(({ code, keys }) => {
    const names = keys.map((_, index) => `${code}/${index + 1}`);
    return [
      ...keys.map((key, index) => `witness ${names[index]} ${key}`),
      `group ${code} any ${names.join(' ')}`,
    ];
  });
  const codes = witnesses.map(({ code }) => code).join(' ');
  const policy = lines([...logs, ...each, `group peers ${needed} ${codes}`, 'quorum peers']);
  return { policy, needed, of: witnesses.length };
}

function lines(list: readonly string[]): string {
  return list.map((line) => `${line}\n`).join('');
}

/** The newest checkpoint of the own log; undefined before the first. */
export async function newestCheckpoint(sovereign: Sovereign): Promise<CosignedCheckpoint | undefined> {
  const [newest] = await latest(sovereign, 1);
  return newest === undefined ? undefined : judged(sovereign, newest);
}

/** The newest checkpoint of the own log that has its quorum, among those that are looked at. */
export async function newestQuorate(sovereign: Sovereign): Promise<CosignedCheckpoint | undefined> {
  for (const stored of await latest(sovereign, CHECKPOINTS_LOOKED_AT)) {
    const checkpoint = await judged(sovereign, stored);
    if (checkpoint.isReached) return checkpoint;
  }
  return undefined;
}

async function latest(sovereign: Sovereign, limit: number): Promise<StoredCheckpoint[]> {
  const { store } = sovereign;
  const rows = await store.list(TABLES.checkpoints, [ownLogName(sovereign)], { reverse: true, limit });
  return rows.map(({ key: [, size], row }) => ({ size, ...row }));
}

async function judged(sovereign: Sovereign, stored: StoredCheckpoint): Promise<CosignedCheckpoint> {
  const { size, root } = stored;
  const log = await sovereign.store.log(ownLogName(sovereign));
  const cosignatures = await log.cosignatures(size);
  const encoder = new TextEncoder();
  const added = cosignatures
    .map(({ line }) => line)
    .toSorted((a, b) => compareBytes(encoder.encode(a), encoder.encode(b)));
  const note = stored.note + added.join('');
  const policy = parseQuorumPolicy(ownQuorum(sovereign).policy);
  const { isReached, trustedSeconds } = judgeQuorum(note, policy, sovereign.now() + CLOCK_SKEW_SECONDS);
  const cosigners = cosignatures.map(({ cosigner, atSeconds }) => ({ state: cosigner, atSeconds }));
  return { size, root: toHex(root), note, cosigners, isReached, trustedSeconds };
}
