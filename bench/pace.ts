import { availableParallelism } from 'node:os';

/** What a minute of training is, and how many threads take its steps. */
interface Pace {
  readonly threads: number;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Wall time on all cores, as the product trains; or processor time of one thread for steps and one for views. */
export const PACES = {
  wall: { threads: availableParallelism(), now: () => performance.now() },
  processor: {
    threads: 1,
    now: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1_000;
    },
  },
} as const satisfies Readonly<Record<string, Pace>>;

type PaceName = keyof typeof PACES;

let kept: PaceName = 'wall';

export const isPace = (name: string): name is PaceName => Object.hasOwn(PACES, name);

/** Chosen once, by the command line, for all that this process trains. */
export function keepPace(name: PaceName): void {
  kept = name;
}

export const pace = (): Pace => PACES[kept];
