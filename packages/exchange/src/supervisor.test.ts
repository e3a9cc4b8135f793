import { Fault } from '@comity/fault';
import { beforeEach, expect, test } from 'vitest';
import { EventHub } from './events.ts';
import { stateId } from './federation.test-support.ts';
import { PeerStatusBoard } from './peer-status.ts';
import { type PeerLink, Supervisor } from './supervisor.ts';
import { DEFAULT_TIMINGS } from './timings.ts';
import { settle, VirtualClock } from './virtual-clock.test-support.ts';

/** A peer that can be up or down, dialled or dialling, and whose sessions a test ends. */
class FakeLink implements PeerLink<string> {
  dialsFirst = true;
  up = false;
  accepts = true;
  open: string | undefined;
  readonly dialledAtMs: number[] = [];
  readonly #clock: VirtualClock;
  #session: PromiseWithResolvers<void> | undefined;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  current(): string | undefined {
    return this.open;
  }

  async dial(): Promise<string> {
    this.dialledAtMs.push(this.#clock.nowMs());
    if (!this.up) throw new Fault('exchange.unreachable', 'down');
    this.open = 'dialled';
    return this.open;
  }

  async session(_connection: string, live: () => void, signal: AbortSignal): Promise<void> {
    if (!this.accepts) throw new Fault('exchange.not-admitted', 'not let in');
    live();
    const session = Promise.withResolvers<void>();
    this.#session = session;
    const stop = (): void => session.reject(new Fault('exchange.stopping', 'stop'));
    signal.addEventListener('abort', stop);
    await session.promise;
  }

  lose(): void {
    this.open = undefined;
    this.#session?.reject(new Fault('exchange.connection-lost', 'lost'));
  }

  exchange(connection: string): void {
    this.open = connection;
    this.#session?.resolve();
  }
}

let clock: VirtualClock;
let link: FakeLink;
let board: PeerStatusBoard;
let supervisor: Supervisor<string>;
let states: string[];

/** Always the middle of what the jitter may draw. */
const middle = (): Uint8Array => new Uint8Array([0x80, 0, 0, 0]);

beforeEach(() => {
  clock = new VirtualClock();
  link = new FakeLink(clock);
  const events = new EventHub();
  states = [];
  events.on((event) => {
    if (event.kind === 'status' && states.at(-1) !== event.status.state) states.push(event.status.state);
  });
  board = new PeerStatusBoard(stateId(1), clock, events);
  supervisor = new Supervisor(link, board, clock, middle, DEFAULT_TIMINGS);
});

/** Pauses between dials, in seconds. */
function pauses(): number[] {
  return link.dialledAtMs.slice(1).map((atMs, index) => (atMs - (link.dialledAtMs[index] as number)) / 1_000);
}

test('the lower PeerId dials at once, and for ever, with growing pauses up to the ceiling', async () => {
  supervisor.start();
  await settle();
  expect(link.dialledAtMs.length).toBe(1);
  await clock.advance(3_600_000);
  const seen = pauses();
  expect(seen.length).toBeGreaterThan(60);
  expect(seen[0]).toBeCloseTo(2, 1);
  expect(Math.max(...seen)).toBeLessThanOrEqual(60);
  expect(seen.slice(0, 5)).toEqual(seen.slice(0, 5).toSorted((x, y) => x - y));
  expect(board.snapshot()).toMatchObject({ state: 'waiting', lastFaultCode: 'exchange.unreachable' });
  expect(board.snapshot().nextAttemptAtSeconds).toBeGreaterThan(clock.nowMs() / 1_000 - 1);
});

test('the higher PeerId waits to be dialled, then dials itself', async () => {
  link.dialsFirst = false;
  supervisor.start();
  await clock.advance(DEFAULT_TIMINGS.graceMs - 1);
  expect(link.dialledAtMs).toEqual([]);
  await clock.advance(1);
  expect(link.dialledAtMs.length).toBe(1);
});

test('a connection that comes in ends the wait, and nothing is dialled', async () => {
  link.dialsFirst = false;
  supervisor.start();
  await clock.advance(500);
  link.open = 'inbound';
  supervisor.connected();
  await settle();
  expect(board.snapshot().state).toBe('live');
  expect(link.dialledAtMs).toEqual([]);
});

test('a healthy connection that is lost is dialled again after the shortest pause', async () => {
  await clock.advance(0);
  supervisor.start();
  await clock.advance(600_000);
  link.up = true;
  await clock.advance(60_000);
  expect(board.snapshot().state).toBe('live');
  await clock.advance(DEFAULT_TIMINGS.healthyMs);
  link.dialledAtMs.length = 0;
  const lostAtMs = clock.nowMs();
  link.lose();
  await clock.advance(3_000);
  expect(link.dialledAtMs[0]).toBe(lostAtMs + 2_000);
});

test('a connection that is lost again and again before it is healthy is dialled ever more slowly', async () => {
  link.up = true;
  supervisor.start();
  await settle();
  for (let round = 0; round < 8; round += 1) {
    const dials = link.dialledAtMs.length;
    link.lose();
    while (link.dialledAtMs.length === dials) await clock.advance(1_000);
  }
  const seen = pauses();
  expect(seen).toEqual(seen.toSorted((x, y) => x - y));
  expect(seen.at(-1)).toBeGreaterThan(20);
});

test('being refused is no reason to hurry', async () => {
  link.up = true;
  link.accepts = false;
  supervisor.start();
  await clock.advance(600_000);
  expect(board.snapshot()).toMatchObject({ state: 'waiting', lastFaultCode: 'exchange.not-admitted' });
  expect(link.dialledAtMs.length).toBe(1);
});

test('wake tries now, and begins at the shortest pause again', async () => {
  supervisor.start();
  await clock.advance(900_000);
  const before = link.dialledAtMs.length;
  const wokenAtMs = clock.nowMs();
  supervisor.wake();
  await settle();
  expect(link.dialledAtMs.length).toBe(before + 1);
  await clock.advance(3_000);
  expect(link.dialledAtMs.at(-1)).toBe(wokenAtMs + 2_000);
});

test('a better connection is gone over to without a pause', async () => {
  link.up = true;
  supervisor.start();
  await settle();
  link.exchange('better');
  await settle();
  expect(board.snapshot().state).toBe('live');
  expect(link.dialledAtMs.length).toBe(1);
});

test('stopping ends a wait, a session, and leaves no timer', async () => {
  supervisor.start();
  await clock.advance(10_000);
  await supervisor.stop();
  expect(board.snapshot().state).toBe('stopped');
  expect(clock.pending).toBe(0);
  const again = new Supervisor(link, board, clock, middle, DEFAULT_TIMINGS);
  link.up = true;
  again.start();
  await settle();
  expect(board.snapshot().state).toBe('live');
  await again.stop();
  expect(clock.pending).toBe(0);
  expect(states.at(-1)).toBe('stopped');
});

test('a fault is gone from the status when the peer is live again', async () => {
  supervisor.start();
  await settle();
  expect(board.snapshot().lastFaultCode).toBe('exchange.unreachable');
  link.up = true;
  await clock.advance(10_000);
  expect(board.snapshot()).toEqual({ peer: stateId(1), state: 'live' });
});
