import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isFault } from '@comity/fault';
import type { Request } from '../conformance/driver-process.ts';
import { bytesOf } from '../conformance/mutation/size.ts';
import type { Targets } from './targets.ts';

/** What may not happen to an input, whatever it is. */
export type Trouble =
  | { readonly kind: 'crash'; readonly detail: string }
  | { readonly kind: 'hang'; readonly detail: string }
  | { readonly kind: 'memory'; readonly detail: string }
  | { readonly kind: 'unsteady'; readonly detail: string };

export interface Examination {
  readonly accepted: boolean;
  readonly trouble?: Trouble;
}

/** For an input of up to a MiB; a larger one has as much for each. */
export const MAX_MS = 50;
const MIB = 1024 * 1024;
export const MAX_MEMORY_BYTES = 64 * 1024 * 1024;
/** What is too slow or too large once may be the collector or the neighbour on the machine; what stays so is the input. */
const REPETITIONS = 4;

interface Attempt {
  /** The code of the refusal; undefined where the input was accepted. */
  readonly code?: string;
  /** Something other than a Fault was thrown. */
  readonly crash?: string;
  readonly ms: number;
  readonly bytes: number;
}

/** Runs an input twice, and more often where it looks too slow or too large. */
export async function examine(targets: Targets, request: Request): Promise<Examination> {
  const first = await attempt(targets, request);
  const second = await attempt(targets, request);
  const accepted = first.code === undefined && first.crash === undefined;
  const trouble = troubleOf(first, second) ?? (await suspicion(targets, request, [first, second]));
  return trouble === undefined ? { accepted } : { accepted, trouble };
}

function troubleOf(first: Attempt, second: Attempt): Trouble | undefined {
  if (first.crash !== undefined) return { kind: 'crash', detail: first.crash };
  if (first.code === second.code && second.crash === undefined) return undefined;
  const saw = ({ code, crash }: Attempt): string => crash ?? code ?? 'accepted';
  return { kind: 'unsteady', detail: `${saw(first)}, then ${saw(second)}` };
}

/** What was too slow in both attempts, or too large in one, is run again by itself, each time from a heap without garbage. */
async function suspicion(
  targets: Targets,
  request: Request,
  before: readonly Attempt[],
): Promise<Trouble | undefined> {
  const allowedMs = MAX_MS * Math.max(1, bytesOf(request.in) / MIB);
  let ms = Math.min(...before.map((each) => each.ms));
  let bytes = Math.max(...before.map((each) => each.bytes));
  for (let again = 0; again < REPETITIONS && (ms > allowedMs || bytes > MAX_MEMORY_BYTES); again++) {
    // What an attempt takes and drops shows only where nothing of the one before is left to be dropped.
    collectGarbage();
    const alone = await attempt(targets, request);
    ms = Math.min(ms, alone.ms);
    bytes = Math.min(bytes, alone.bytes);
  }
  if (ms > allowedMs) return { kind: 'hang', detail: `${ms.toFixed(1)} ms at least, each time` };
  if (bytes > MAX_MEMORY_BYTES) return { kind: 'memory', detail: `${bytes} bytes at least, each time` };
  return undefined;
}

async function attempt(targets: Targets, request: Request): Promise<Attempt> {
  const before = occupied();
  const started = performance.now();
  let outcome: { code?: string; crash?: string } = {};
  let most = before;
  try {
    const running = targets.run(request);
    // What was taken and dropped without a pause is still there: later the collector may have been.
    most = occupied();
    await running;
  } catch (thrown) {
    outcome = isFault(thrown)
      ? { code: thrown.code }
      : { crash: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) };
  }
  return { ...outcome, ms: performance.now() - started, bytes: Math.max(most, occupied()) - before };
}

/** Bytes that the heap has taken from the system, and what buffers hold outside it. */
function occupied(): number {
  const { total_heap_size: heap, external_memory: buffers } = getHeapStatistics();
  return heap + buffers;
}

/** V8 hands out its collector only to contexts that are made after it was told to. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  return () => {
    collect();
    // What buffers hold is given back beside the collector: the second run waits for what the first one found.
    collect();
  };
}

/** Frees what nothing refers to any more, at once. */
export const collectGarbage: () => void = garbageCollector();
