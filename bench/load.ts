import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { startChild } from '../src/core/start-process.js';
import { barred, type Row } from './row.js';
import type { LoadOrder, LoadResult } from './search-load.js';

const ROUNDS = 7;

type Common = Pick<LoadOrder, 'collection' | 'connections' | 'items' | 'dimension'>;

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** A child that answers one message with one message. */
export async function asked<T>(child: ChildProcess, message: object | number): Promise<T> {
  child.send(message);
  const [answer] = (await once(child, 'message')) as [T & { error?: string }];
  if (answer.error !== undefined) throw new Error(answer.error);
  return answer;
}

/** A load generator in a process of its own, told what every order has in common. */
export function loadGenerator(seed: number, common: Common) {
  const child = startChild(new URL('./search-load.ts', import.meta.url));
  let orders = 0;
  return {
    async send(order: Pick<LoadOrder, 'url' | 'kind'> & Partial<LoadOrder>): Promise<LoadResult> {
      const { result } = await asked<{ result: LoadResult }>(child, { ...common, seed: seed + ++orders, ...order });
      if (result.failed > 0) throw new Error(`${result.failed} of ${result.requests} requests failed.`);
      return result;
    },
    stop: () => child.disconnect(),
  };
}

export const ratioRow = (what: string, ratios: readonly number[], bar: number): Row =>
  barred(what, median(ratios), 'ratio', '>=', bar, { low: Math.min(...ratios), high: Math.max(...ratios) });

export type Load = ReturnType<typeof loadGenerator>;

/** Rates of several servers in turn, round after round, so that the machine's mood meets all of them. */
export async function rounds(
  load: Load,
  urls: Readonly<Record<string, string>>,
  order: Partial<LoadOrder> & { kind: LoadOrder['kind']; count: number },
  times = ROUNDS,
): Promise<Record<string, LoadResult[]>> {
  const results: Record<string, LoadResult[]> = Object.fromEntries(Object.keys(urls).map((name) => [name, []]));
  for (const url of Object.values(urls)) await load.send({ ...order, url, count: order.count >> 2 }); // warm
  for (let round = 0; round < times; round++) {
    const names = round % 2 === 0 ? Object.keys(urls) : Object.keys(urls).reverse();
    for (const name of names) results[name]!.push(await load.send({ ...order, url: urls[name]! }));
  }
  return results;
}
