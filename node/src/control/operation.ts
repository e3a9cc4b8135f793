import type { z } from 'zod';

/** What an operation tells while it runs: progress for people, items of a streaming answer. */
export type Emit = (
  event:
    | { readonly progress: string; readonly done?: number; readonly total?: number }
    | { readonly item: unknown },
) => void;

/**
 * One act of the node, as the command line and the control socket know it. The same object runs in the daemon and, where no
 * daemon runs, in the command's own process; its schemas are the contract that `--json` follows.
 */
export interface Operation<Context, A extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly summary: string;
  /** `running`: only a running daemon can do it (it needs live connections). `home`: the home's store is enough. */
  readonly needs: 'running' | 'home';
  readonly args: A;
  readonly result: R;
  run(context: Context, args: z.output<A>, emit: Emit, signal: AbortSignal): Promise<z.input<R>>;
}

export type AnyOperation<Context> = Operation<Context, z.ZodType, z.ZodType>;

/** Keeps argument and result types of the schemas visible to `run`. */
export function operation<Context, A extends z.ZodType, R extends z.ZodType>(
  definition: Operation<Context, A, R>,
): Operation<Context, A, R> {
  return definition;
}
