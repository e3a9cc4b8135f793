/** How a node learns that it is to stop. Made before anything else: what is asked for while it starts is not lost. */
export interface StopRequest {
  /** Resolves when it is asked for. */
  readonly made: Promise<void>;
  readonly isMade: boolean;
  make(): void;
  /**
   * The channel is listened to no more: whoever listens to it keeps the process alive, which has nothing left to do. Signals
   * are, to the end: one that comes after another request must not cut short a stop that is under way.
   */
  release(): void;
}

/**
 * Listens for SIGINT, SIGTERM and, where another process started this one and gave it a channel (the demonstration), the end
 * of that process.
 */
export function listenForStop(): StopRequest {
  let isMade = false;
  let resolve = (): void => {};
  const made = new Promise<void>((done) => {
    resolve = done;
  });
  const make = (): void => {
    isMade = true;
    resolve();
  };
  process.once('SIGINT', make);
  process.once('SIGTERM', make);
  if (process.connected) process.once('disconnect', make);
  // There is a channel, and it closed before anybody listened.
  if (process.connected === false) make();
  return {
    made,
    get isMade() {
      return isMade;
    },
    make,
    release() {
      process.off('disconnect', make);
    },
  };
}
