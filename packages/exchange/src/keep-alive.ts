import type { Clock } from './clock.ts';
import type { FrameStream } from './frame-stream.ts';
import type { Timings } from './timings.ts';

/**
 * Says "still here" at intervals, so that the peer need not guess whether silence is news: until the function returned is
 * called or the stream fails, which whoever reads or writes it is told.
 */
export function keepAlive(
  stream: FrameStream,
  { clock, timings }: { readonly clock: Clock; readonly timings: Timings },
): () => void {
  let isOver = false;
  let cancel: () => void;
  const tick = (): void => {
    stream.writeStill().then(
      () => {
        if (!isOver) cancel = clock.schedule(timings.stillEveryMs, tick);
      },
      () => undefined,
    );
  };
  cancel = clock.schedule(timings.stillEveryMs, tick);
  return () => {
    isOver = true;
    cancel();
  };
}
