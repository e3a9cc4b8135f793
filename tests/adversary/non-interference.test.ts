import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CborValue, encode } from '@comity/cbor';
import { concatBytes, toHex } from '@comity/digest';
import { decodeStateCard } from '@comity/identity';
import { EMPTY_ROOT } from '@comity/merkle';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { questionOf } from '../federation/foreign-question.ts';
import { ForeignState, nowSeconds } from '../federation/foreign-state.ts';
import { applyPolicy, type FoundedState, recognise } from '../federation/founding.ts';
import type { NodeProcess } from '../federation/node-process.ts';
import { type OneNode, startOneNode } from '../federation/one-node.ts';
import { type RawConnection, rawConnection } from './raw-connection.ts';

// What a peer gets for each request that there is, byte for byte and frame for frame, before a node holds records that are
// not for that peer and after: nobody learns from the wire that there is something.

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const SECRET = 'Intrusion at the waterworks';
const ABSENT_ID = '5e'.repeat(32);
const PURPOSE = 'incident-response';

let suite: OneNode;
let founded: FoundedState;
let node: NodeProcess;
let peer: ForeignState;
let raw: RawConnection;

interface Frame {
  readonly kind: number;
  readonly body: string;
}

/** Frames of 4 bytes of length, one of kind, and a body (exchange.md §3.1). */
function framesIn(bytes: Uint8Array): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const byteLength = new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0);
    const frame = bytes.subarray(at + 4, at + 4 + byteLength);
    frames.push({ kind: frame[0] as number, body: toHex(frame.subarray(1)) });
    at += 4 + byteLength;
  }
  return frames;
}

/** Whether the last frame ends a reply: END or ERROR (exchange.md §3). */
function isOver(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let kind = 0;
  for (let at = 0; at < bytes.length; ) {
    if (at + 5 > bytes.length || at + 4 + view.getUint32(at) > bytes.length) return false;
    kind = view.getUint8(at + 4);
    at += 4 + view.getUint32(at);
  }
  return kind === 2 || kind === 3;
}

function framed(message: ReadonlyMap<number, CborValue>): Uint8Array {
  const body = encode(message as Map<number, CborValue>);
  const head = new Uint8Array(5);
  new DataView(head.buffer).setUint32(0, 1 + body.length);
  return concatBytes(head, body);
}

const asked = async (protocol: string, ...members: [number, CborValue][]): Promise<Frame[]> =>
  framesIn(await raw.exchange(`/comity/${protocol}/1`, framed(new Map(members)), isOver));

/** What the peer can ask about one record, there or not, and what it can ask at all. */
const requests: Record<string, (id: string, issuedAtSeconds: number) => Promise<Frame[]>> = {
  'a question for its text': () => question({ text: SECRET }),
  'a question for its type': () => question({ types: ['incident'] }),
  'a question for all since then': (_, sinceSeconds) => question({ sinceSeconds }),
  'a question for what comes after it': (id, seconds) => question({ before: [seconds, id] }),
  'a question for another purpose': () => question({ purpose: 'norm-verification' }),
  'a question for one answer': () => question({ limit: 1 }),
  'the head of the ledger': () => asked('ledger', [1, 'head'], [2, 0], [3, EMPTY_ROOT]),
  'the whole ledger': () => asked('ledger', [1, 'pull'], [2, 0], [3, EMPTY_ROOT]),
  'an entry of the ledger again that there is not': () => asked('fetch', [1, [7]]),
  'what the node holds of the ledger of the peer': () => asked('return', [1, 0]),
  'a checkpoint to be compared that names it': (id) => asked('witness', [1, 'compare'], [2, [id]]),
  'evidence that names it': (id) => asked('witness', [1, 'evidence'], [2, [id]]),
  'a proof of keys that names it': (id) => asked('witness', [1, 'keys'], [2, [id]]),
  'a checkpoint to be cosigned that names it': (id) => asked('witness', [1, 'add'], [2, [id]]),
};

async function question(change: object): Promise<Frame[]> {
  const { charter } = decodeStateCard(founded.card);
  return asked('query', [1, await questionOf(peer, charter.state, { purpose: PURPOSE, ...change })]);
}

/** @returns its id */
async function issue(sector: string, label: object): Promise<string> {
  const draft = {
    type: 'incident',
    label: { classification: 'unclassified', ...label },
    content: { title: { en: SECRET }, stage: 'final', sectors: [sector] },
  };
  const { records } = await node.call<{ records: { id: string }[] }>('record.issue', {
    drafts: [draft],
    acceptRelay: true,
  });
  return records[0]?.id ?? '';
}

beforeAll(async () => {
  suite = await startOneNode();
  ({ founded, node } = suite);
  peer = await ForeignState.found('XBB');
  const third = await ForeignState.found('XCC');
  await recognise(node, peer);
  await recognise(node, third);
  const rule = { to: ['XBB', 'XCC'], mode: ['push', 'query'], purpose: [PURPOSE] };
  await applyPolicy(node, {
    comity: 'policy/1',
    rules: [
      { ...rule, name: 'warn', when: { type: 'incident', sector: ['energy', 'justice'] } },
      { name: 'kept', to: ['XBB'], when: { sector: ['justice'] }, effect: 'forbid' },
      { ...rule, name: 'waits', when: { sector: ['health'] }, approve: { by: 'officer' } },
    ],
  });
  raw = await rawConnection(peer, founded);
  const federation = JSON.parse(await readFile(join(founded.home, 'federation.json'), 'utf8')) as {
    readonly name: string;
    readonly era: number;
  };
  const hello = await asked(
    'hello',
    [1, federation.name],
    [2, federation.era],
    [3, peer.card],
    [5, 0],
    [6, ['ledger/1', 'query/1']],
    [7, nowSeconds()],
  );
  expect(hello.map(({ kind }) => kind)[0], JSON.stringify(hello)).toBe(0);
});

afterAll(async () => {
  await raw?.[Symbol.asyncDispose]();
  await suite?.[Symbol.asyncDispose]();
});

test('absent and not for you are the same bytes in the same frames, whatever is asked', async () => {
  const sinceSeconds = nowSeconds();
  const absent = new Map<string, Frame[]>();
  for (const [name, request] of Object.entries(requests))
    absent.set(name, await request(ABSENT_ID, sinceSeconds));

  const all = { releasableTo: ['XAA', 'XBB', 'XCC'] };
  const hidden = [
    await issue('energy', { releasableTo: ['XAA', 'XCC'] }),
    await issue('energy', { ...all, classification: 'secret' }),
    await issue('justice', all),
    await issue('health', all),
    await issue('banking', all),
  ];
  const { pending } = await node.call<{ pending: { record: string }[] }>('release.pending', {});
  expect(new Set(pending.map(({ record }) => record))).toEqual(new Set([hidden[3]]));
  for (const [name, request] of Object.entries(requests))
    for (const id of hidden) expect(await request(id, sinceSeconds), name).toEqual(absent.get(name));

  // What is for the peer is seen by the same means, or the comparison would say nothing.
  const shown = await issue('energy', all);
  for (const name of [
    'a question for its text',
    'a question for its type',
    'a question for all since then',
    'the head of the ledger',
    'the whole ledger',
  ])
    expect(await requests[name]?.(shown, sinceSeconds), name).not.toEqual(absent.get(name));
  expect(await question({ text: SECRET, limit: 1 })).toHaveLength(2);
});
