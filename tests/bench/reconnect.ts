import { setTimeout as pause } from 'node:timers/promises';
import type { Bench, Figure } from './bench.ts';
import { foundPair, isLive, isReceipt, type Pair } from './pair.ts';
import { samplePortions } from './sample-drafts.ts';
import { type Flight, SlowWire } from './slow-wire.ts';

const SIZES = [0, 1_000, 20_000];
/** Long against everything that the nodes do themselves, so that what is waited for is the wire. */
const ONE_WAY_MS = 250;
/** A ledger head carries a signed checkpoint; the opening of a stream, pings and closings are a fraction of this. */
const MIN_HEAD_BYTES = 200;
/** After this long without a byte nothing more is to come. */
const QUIET_MS = 5 * ONE_WAY_MS;
const MAX_ATTEMPTS = 10;

/**
 * A ledger is its own cursor: whoever has everything learns it in one question and one answer. Counted on a wire on which
 * a round trip takes half a second, from outside: everything on it is encrypted.
 */
export const reconnect: Bench = {
  name: 'reconnect',
  question:
    'What does a reconnect cost when there is nothing new, and does it depend on the size of the ledger?',
  async run({ scale, note }) {
    await using wire = new SlowWire(ONE_WAY_MS);
    await using pair = await foundPair((port) => wire.to(port));
    const figures: Figure[] = [];
    let size = 0;
    for (const full of SIZES) {
      const target = Math.round(full * scale);
      for (const drafts of samplePortions(target - size)) await pair.sender.call('record.issue', { drafts });
      size = target;
      if (size > 0) await pair.sender.logged(isReceipt(size));
      note(`reconnect: ledger of ${size} entries`);
      figures.push(...(await measure(wire, pair, size, note)));
    }
    return figures;
  },
};

async function measure(
  wire: SlowWire,
  pair: Pair,
  size: number,
  note: (text: string) => void,
): Promise<Figure[]> {
  let liveAtMs = await reconnectOnce(wire, pair);
  // Where both dial at the same moment, both greet on two connections and go on with one: that is no reconnect alone.
  for (let attempt = 1; wire.connectionCount !== 1 && attempt < MAX_ATTEMPTS; attempt += 1) {
    note(`reconnect: ${wire.connectionCount} connections at once; measured again`);
    liveAtMs = await reconnectOnce(wire, pair);
  }
  return [
    {
      name: `${size} entries: round trips from the hello to the last ledger head`,
      value: roundTrips(liveAtMs, wire.flights),
      unit: '',
      target: 'below 3 at every size: one opens the stream, one asks and answers',
    },
    {
      name: `${size} entries: bytes of the whole reconnect, handshakes and hello included`,
      value: total(wire.flights),
      unit: 'bytes',
    },
  ];
}

/** @returns when the recipient was live again, UTC milliseconds */
async function reconnectOnce(wire: SlowWire, { recipient }: Pair): Promise<number> {
  await recipient.stop();
  wire.flights.length = 0;
  wire.connectionCount = 0;
  await recipient.start();
  const { atMs } = await recipient.logged(isLive);
  await quiet(wire);
  return atMs;
}

async function quiet({ flights }: SlowWire): Promise<void> {
  while (Date.now() - (flights.at(-1)?.atMs ?? 0) < QUIET_MS) await pause(ONE_WAY_MS / 4);
}

function total(flights: readonly Flight[]): number {
  return flights.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** Until the last head has come over the wire. What the nodes need for themselves is in the fraction. */
function roundTrips(sinceMs: number, flights: readonly Flight[]): number {
  const head = flights.findLast(({ byteLength }) => byteLength >= MIN_HEAD_BYTES);
  if (head === undefined) throw new Error('no ledger head went over the wire');
  return (head.atMs + ONE_WAY_MS - sinceMs) / (2 * ONE_WAY_MS);
}
