import type { LedgerItem } from '@comity/exchange';
import type { View } from '@comity/record';
import { expect } from 'vitest';
import { until } from '../federation/deadline.ts';
import { releaseOf } from '../federation/foreign-ledger.ts';
import { ForeignNode, type ForeignNodeOptions } from '../federation/foreign-node.ts';
import { ForeignState } from '../federation/foreign-state.ts';
import { type FoundedState, recognise } from '../federation/founding.ts';
import { type NodeProcess, OperationRefused } from '../federation/node-process.ts';

/** Stands in every record that must not be stored. */
export const POISON = 'POISONED 4Z7';

/** A draft that a hostile state signs: the text says whether it may ever be found at the node under test. */
export function draftOf(title: string, label: object = {}): object {
  return {
    type: 'incident',
    label: { classification: 'restricted', tlp: 'GREEN', ...label },
    content: { title: { en: title }, stage: 'final', victim: { name: title } },
  };
}

/** A recognised state, with valid keys and on a real connection, that sends what it should not. */
export class HostilePeer implements AsyncDisposable {
  readonly state: ForeignState;
  readonly node: ForeignNode;
  readonly #under: NodeProcess;

  private constructor(state: ForeignState, node: ForeignNode, under: NodeProcess) {
    this.state = state;
    this.node = node;
    this.#under = under;
  }

  /** Founds the state, lets the node under test recognise it, and connects. */
  static async join(
    code: string,
    founded: FoundedState,
    under: NodeProcess,
    options: ForeignNodeOptions = {},
  ): Promise<HostilePeer> {
    const state = await ForeignState.found(code);
    await recognise(under, state);
    const node = await ForeignNode.start(state, founded, options);
    return new HostilePeer(state, node, under);
  }

  /** Releases an item, and waits until the node under test has refused it with this code. */
  async sendsBad(item: LedgerItem, code: string): Promise<void> {
    const index = this.node.ledger.size;
    this.node.ledger.append(item);
    const line = await this.#under.logged(
      'item-rejected',
      ({ peer, index: at }) => peer === this.state.code && at === index,
    );
    expect(line.code).toBe(code);
  }

  /** Releases a good record after whatever came before, and waits until the node under test shows it. */
  async sendsGood(): Promise<View> {
    const view = await this.state.issue(draftOf('A good record'));
    this.node.ledger.append(releaseOf(view));
    await until(`a good record of ${this.state.code} is shown`, () => holds(this.#under, view.header.id));
    return view;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.node.stop();
  }
}

/** Whether a node holds a record. */
export async function holds(node: NodeProcess, id: string): Promise<boolean> {
  try {
    await node.call('record.show', { id });
    return true;
  } catch (error) {
    if (error instanceof OperationRefused && error.code === 'record.not-found') return false;
    throw error;
  }
}

/** The code with which a node refuses an operation. */
export async function refusalOf(node: NodeProcess, operation: string, args: object): Promise<string> {
  try {
    await node.call(operation, args);
  } catch (error) {
    if (error instanceof OperationRefused) return error.code;
    throw error;
  }
  throw new Error(`${operation} was not refused`);
}
