import type { ComponentLogger, Logger } from '@libp2p/interface';

/**
 * A logger that says nothing. The libraries' own logs hold PeerIds and addresses, and are switched on from the
 * environment; what an operator needs to know, this package reports as events with codes.
 */
const silence: Logger = Object.assign(() => undefined, {
  error: () => undefined,
  trace: () => undefined,
  enabled: false,
  newScope: () => silence,
});

export const silentLogger: ComponentLogger = { forComponent: () => silence };
