import { MultiBar, type SingleBar } from 'cli-progress';
import pc from 'picocolors';
import type { Progress, ProgressReport } from '../core/progress.js';
import { AppError } from '../errors.js';

/** Where a command speaks: answers go to standard output, everything about the work to standard error. */
export interface Terminal {
  readonly json: boolean;
  /** One line of the answer. */
  print(line: string): void;
  /** One line about the work; silent with `--json`. */
  say(line: string): void;
  readonly progress: Progress;
  /** Takes the bars down, so that lines may follow. */
  settle(): void;
}

const NOTE_EVERY_MS = 5_000;

/** Bars where somebody watches; a line every few seconds where the output is a file; nothing with `--json`. */
export function openTerminal(options: { json?: boolean } = {}): Terminal {
  const json = options.json ?? false;
  const bars = new Map<string, SingleBar>();
  let board: MultiBar | undefined;
  const spoken = new Map<string, number>();

  const line = (report: ProgressReport): string =>
    `${report.stage}: ${report.done}${report.total ? `/${report.total}` : ''} ${report.unit}${report.note ? ` · ${report.note}` : ''}`;

  function drawBar(report: ProgressReport): void {
    board ??= new MultiBar({
      format: `${pc.bold('{stage}')} {bar} {value}/{total} {unit} {note}`,
      barsize: 28,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      hideCursor: true,
      clearOnComplete: false,
      stream: process.stderr,
    });
    const total = report.total ?? Math.max(report.done, 1);
    const payload = { stage: report.stage.padEnd(12), unit: report.unit, note: report.note ?? '' };
    const bar = bars.get(report.stage);
    if (bar) {
      bar.setTotal(total);
      bar.update(report.done, payload);
    } else bars.set(report.stage, board.create(total, report.done, payload));
  }

  return {
    json,
    print: (text) => void process.stdout.write(`${text}\n`),
    say(text) {
      if (json) return;
      this.settle();
      process.stderr.write(`${text}\n`);
    },
    progress(report) {
      if (json) return;
      if (process.stderr.isTTY) return drawBar(report);
      const finished = report.total !== undefined && report.done >= report.total;
      const last = spoken.get(report.stage);
      if (finished ? last === Number.POSITIVE_INFINITY : last !== undefined && Date.now() - last < NOTE_EVERY_MS)
        return;
      spoken.set(report.stage, finished ? Number.POSITIVE_INFINITY : Date.now());
      process.stderr.write(`${line(report)}\n`);
    },
    settle() {
      board?.stop();
      board = undefined;
      bars.clear();
    },
  };
}

/** Says what went wrong and what to do, for people or (with `--json`) for programs. The exit code. */
export function reportFailure(error: unknown, json: boolean): number {
  if (error instanceof AppError) {
    if (json) {
      process.stdout.write(
        `${JSON.stringify({ error: { code: error.code, message: error.message, remedy: error.remedy } })}\n`,
      );
    } else {
      process.stderr.write(`${pc.red('✖')} ${error.message}\n  ${pc.dim('→')} ${error.remedy}\n`);
    }
    return error.code === 'CANCELLED' ? 130 : 1;
  }
  process.stderr.write(`${pc.red('✖')} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 70;
}
