import { getHeapStatistics } from 'node:v8';
import { isFault } from '@comity/fault';
import type { Request } from '../conformance/driver-process.ts';
import type { Json } from '../conformance/vectors/vector.ts';
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
  const attempts = [await attempt(targets, request), await attempt(targets, request)];
  const allowedMs = MAX_MS * Math.max(1, bytesOf(request.in) / MIB);
  const slow = (): boolean => Math.min(...attempts.map(({ ms }) => ms)) > allowedMs;
  const large = (): boolean => Math.min(...attempts.map(({ bytes }) => bytes)) > MAX_MEMORY_BYTES;
  for (let again = 0; again < REPETITIONS && (slow() || large()); again++) {
    attempts.push(await attempt(targets, request));
  }
  const [first, second] = attempts as [Attempt, Attempt];
  const accepted = first.code === undefined && first.crash === undefined;
  const trouble = troubleOf(first, second, slow(), large(), attempts);
  return trouble === undefined ? { accepted } : { accepted, trouble };
}

function troubleOf(
  first: Attempt,
  second: Attempt,
  slow: boolean,
  large: boolean,
  attempts: readonly Attempt[],
): Trouble | undefined {
  if (first.crash !== undefined) return { kind: 'crash', detail: first.crash };
  if (first.code !== second.code || second.crash !== undefined) {
    return {
      kind: 'unsteady',
      detail: `${first.code ?? 'accepted'}, then ${second.crash ?? second.code ?? 'accepted'}`,
    };
  }
  if (slow)
    return { kind: 'hang', detail: `${Math.min(...attempts.map(({ ms }) => ms)).toFixed(1)} ms at least` };
  if (large)
    return { kind: 'memory', detail: `${Math.min(...attempts.map(({ bytes }) => bytes))} bytes at least` };
  return undefined;
}

async function attempt(targets: Targets, request: Request): Promise<Attempt> {
  const before = occupied();
  const started = performance.now();
  let outcome: { code?: string; crash?: string } = {};
  try {
    await targets.run(request);
  } catch (thrown) {
    outcome = isFault(thrown)
      ? { code: thrown.code }
      : { crash: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) };
  }
  return { ...outcome, ms: performance.now() - started, bytes: occupied() - before };
}

/** How large an input is, with the pieces that it says stand there several times (exchange.md §10.1). */
function bytesOf(value: Json): number {
  if (typeof value === 'string') return value.length / 2;
  if (typeof value !== 'object' || value === null) return 1;
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + bytesOf(each), 0);
  const { hex, times } = value as { readonly [name: string]: Json };
  if (typeof hex === 'string' && typeof times === 'number') return (hex.length / 2) * times;
  return Object.values(value).reduce<number>((sum, each) => sum + bytesOf(each as Json), 0);
}

/** Bytes that the heap has taken from the system, and what buffers hold outside it. */
function occupied(): number {
  const { total_heap_size: heap, external_memory: buffers } = getHeapStatistics();
  return heap + buffers;
}
