import type { LeftWithPeer } from '../peers/left-with-peer.ts';
import { counted } from './counted.ts';

/** What people are told before a state is let go. */
export function leftLines(left: LeftWithPeer, everywhere: boolean): string[] {
  const { records, parts, unanswered, waiting, retractions, byConsent } = left;
  const short = (ids: readonly string[]): string => ids.map((id) => id.slice(0, 12)).join(', ');
  return [
    ...(records === 0
      ? []
      : [`it keeps ${counted(parts, 'part')} of ${counted(records, 'record')} that it was handed`]),
    ...(unanswered.length === 0
      ? []
      : [
          `it has not answered ${counted(unanswered.length, 'order')} (${short(unanswered)}), and no answer will be taken`,
        ]),
    ...(waiting === 0
      ? []
      : [
          `what waits for it leaves the queue: ${counted(waiting, 'record')}${retractions.length === 0 ? '' : `, the ${retractions.length === 1 ? 'retraction' : 'retractions'} ${short(retractions)} among them`}`,
        ]),
    ...(byConsent.length === 0 ? [] : [`others may still hand it ${short(byConsent)} by a consent in force`]),
    ...(everywhere
      ? []
      : ['others may go on passing it records of this state: --everywhere orders them not to']),
  ];
}
