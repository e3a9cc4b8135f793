import type { StateId } from '@comity/label';
import { type LogAlarmKind, TABLES, WriteSet } from '@comity/store';
import { nameOf } from '../events.ts';
import type { Sovereign } from '../sovereign.ts';

/** What is known about an origin log that people have to look at. */
export interface LogAlarm {
  readonly kind: LogAlarmKind;
  readonly origin: StateId;
  readonly size: number;
  readonly atSeconds: number;
}

/**
 * Writes an alarm down and tells people, where it is not known already. It stays until what it is about is over, and of most
 * nothing ends it.
 *
 * @param kid the own key that it is about, in hexadecimal: the witness key that is not used for this log any more, or the log key
 *   that has signed what this node does not know
 */
export async function raiseLogAlarm(
  sovereign: Sovereign,
  kind: LogAlarmKind,
  origin: StateId,
  size: number,
  kid: string | null = null,
): Promise<void> {
  const { store, events } = sovereign;
  const known = await store.get(TABLES.logAlarms, [kind, origin]);
  if (known !== undefined && known.kid === kid) return;
  const atSeconds = sovereign.now();
  const name = codeOf(sovereign, origin);
  await store.commit(
    new WriteSet()
      .put(TABLES.logAlarms, [kind, origin], { size, atSeconds, kid })
      .audit({ atSeconds, event: 'log-alarm', fields: { peer: origin, kind, size } }),
  );
  events.emit('log-alarm', { peer: name, kind, size });
}

/** Whether an alarm of this kind is there, about this key where one is given. */
export async function isAlarmed(
  { store }: Sovereign,
  kind: LogAlarmKind,
  origin: StateId,
  kid?: string,
): Promise<boolean> {
  const known = await store.get(TABLES.logAlarms, [kind, origin]);
  return known !== undefined && (kid === undefined || known.kid === kid);
}

export async function logAlarms({ store }: Sovereign): Promise<LogAlarm[]> {
  const rows = await store.list(TABLES.logAlarms, []);
  return rows.map(({ key: [kind, origin], row: { size, atSeconds } }) => ({ kind, origin, size, atSeconds }));
}

/** Code of this state or a peer, where it is known. */
export function codeOf({ self, peers }: Sovereign, state: StateId): string {
  return state === self.state ? self.charter.code : nameOf(state, peers.codeOf(state));
}
