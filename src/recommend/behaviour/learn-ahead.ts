import type { Progress } from '../../core/progress.js';
import type { Histories } from './histories.js';
import { type Given, pause } from './source.js';
import type { LearnTower, Tower } from './tower.js';

export interface AheadOptions extends Pick<Given, 'signal' | 'embeddings' | 'attributes'> {
  /** Towers that are learnt at the same time. */
  readonly atOnce: number;
  readonly progress: Progress;
}

/** Towers that are learnt before anybody asks for them. */
export interface TowersAhead {
  /** Hands out the tower of one of the histories that were named, by identity; learns that of any other. */
  readonly learn: LearnTower;
  /** Stops what is still being learnt, and resolves once nothing is. */
  end(): Promise<void>;
}

/**
 * Learns the towers of these histories, in their order and so many at once, beside whatever else is done meanwhile. Each
 * is what it would be alone: nothing is shared but what is only read. A failure is told to whoever asks for that tower.
 */
export function learnAhead(all: readonly Histories[], learn: LearnTower, options: AheadOptions): TowersAhead {
  const { atOnce, progress, signal: outer, ...given } = options;
  const stop = new AbortController();
  const signal = outer ? AbortSignal.any([outer, stop.signal]) : stop.signal;
  const shares = all.map(() => 0);
  const tell = (at: number, share: number): void => {
    shares[at] = share;
    const sum = shares.reduce((a, b) => a + b, 0);
    progress({ stage: 'towers', done: Math.floor((100 * sum) / all.length), total: 100, unit: '%' });
  };
  const towers = new Map<Histories, Promise<Tower>>();
  const waiting: (() => void)[] = [];
  const next = (): void => waiting.shift()?.();
  for (const [at, histories] of all.entries()) {
    const turn = new Promise<void>((go) => waiting.push(go));
    const tower = turn
      .then(() => pause(signal))
      .then(() =>
        learn(histories, {
          ...given,
          signal,
          progress: ({ done, total = done }) => tell(at, done / Math.max(1, total)),
        }),
      );
    tower.then(next, next); // whatever became of it; whoever asks is told
    towers.set(histories, tower);
  }
  for (let lane = 0; lane < atOnce; lane++) next();
  return {
    learn: (histories, asked) => towers.get(histories) ?? learn(histories, asked),
    async end() {
      stop.abort();
      await Promise.allSettled(towers.values());
    },
  };
}
