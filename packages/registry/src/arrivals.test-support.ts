// Records of three states as they come to a node, and go again: what a registry has to add up whatever the order.

import { mergeViews, type RecordId, type View } from '@comity/record';
import { type Registry, registryEntry } from './index.ts';
import { arriving, commitment, issued, norm, retraction, without } from './issued.test-support.ts';

const english = (text: string) => new Map([['en', text]]);

/** Norms and what is said of them, incidents, a measure, questions: with withdrawals, withheld fields, and issuers who say two things. */
export async function saidByStates(): Promise<View[]> {
  const treaty = await norm({ threshold: 1 });
  const again = await norm({ threshold: 2 }, { onDay: 3, supersedes: [treaty] });
  const ratified = await commitment(treaty, { act: 'ratify' }, { by: 1, onDay: 1 });
  // Two statements of one second that exclude each other.
  const [signed, refused] = await Promise.all([
    commitment('norm/treaty', { act: 'sign' }, { by: 2, onDay: 2 }),
    commitment('norm/treaty', { act: 'withdraw' }, { by: 2, onDay: 2 }),
  ]);
  const hidden = await commitment(treaty, { act: 'accede' }, { by: 1, onDay: 4 });
  const stages = ['early-warning', 'notification', 'final'];
  const incidents = await Promise.all(
    stages.map((stage, index) =>
      issued(
        'incident',
        { stage, summary: english(stage), awareAt: 1_767_225_600 },
        { subject: 'i-1', onDay: index },
      ),
    ),
  );
  const question = await issued(
    'clarification',
    { kind: 'question', to: 'b2'.repeat(32), text: english('Was that yours?') },
    { subject: 'q-1' },
  );
  const answer = await issued(
    'clarification',
    { kind: 'answer', to: 'a1'.repeat(32), inReplyTo: question.header.id, text: english('No') },
    { subject: 'q-1', by: 1, onDay: 1 },
  );
  const review = await issued(
    'review',
    { status: 'adopted', summary: english('Kept'), outcome: 'keep' },
    { subject: treaty.header.id, onDay: 9 },
  );
  return [
    ...[treaty, again, ratified, await retraction(ratified, 5), signed, refused, without(hidden, 'norm')],
    ...[...incidents, await retraction(incidents[1] as View, 7), question, answer, review],
  ];
}

/** Numbers in the place of choices: which record each next thing is about, and what becomes of it. */
export interface Happening {
  readonly view: View;
  readonly what: 'comes' | 'is-recalled';
}

/**
 * What happens at a node: records come in any order, in pieces and more than once; some are recalled at some time, and whoever
 * brings them later brings them in vain.
 */
export function happenings(
  views: readonly View[],
  recalled: ReadonlySet<RecordId>,
  numbers: Iterator<number>,
): Happening[] {
  const shuffled = arriving(numbers);
  const all: Happening[] = shuffled(views).map((view) => ({ view, what: 'comes' }));
  for (const view of views.filter(({ header }) => recalled.has(header.id))) {
    const place = Number(numbers.next().value) % (all.length + 1);
    all.splice(place, 0, { view, what: 'is-recalled' });
  }
  return all;
}

/** Lives through it, one thing after the other; gives what is held in the end. */
export function liveThrough(registry: Registry, all: readonly Happening[]): ReadonlyMap<RecordId, View> {
  const held = new Map<RecordId, View>();
  const gone = new Set<RecordId>();
  for (const { view, what } of all) {
    const { id } = view.header;
    if (what === 'is-recalled') {
      gone.add(id);
      held.delete(id);
      registry.remove(id);
    } else if (!gone.has(id)) {
      const before = held.get(id);
      const merged = before === undefined ? view : mergeViews(before, view);
      held.set(id, merged);
      registry.put(registryEntry(merged));
    }
  }
  return held;
}
