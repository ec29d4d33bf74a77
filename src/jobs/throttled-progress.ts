import type { Progress, ProgressReport } from '../core/progress.js';

/**
 * Hands on at most one report in `everyMs`, and never holds back the first of a stage or its last. What came between
 * follows when the time is over, so that a listener is never further behind than that.
 */
export function throttledProgress(tell: Progress, now: () => number, everyMs: number): Progress {
  let last: ProgressReport | undefined;
  let toldAt = Number.NEGATIVE_INFINITY;
  let waiting: ProgressReport | undefined;
  let timer: NodeJS.Timeout | undefined;
  const say = (report: ProgressReport): void => {
    clearTimeout(timer);
    timer = undefined;
    waiting = undefined;
    toldAt = now();
    tell(report);
  };
  return (report) => {
    const urgent = report.stage !== last?.stage || report.done === report.total;
    last = report;
    const wait = toldAt + everyMs - now();
    if (urgent || wait <= 0) return say(report);
    waiting = report;
    timer ??= setTimeout(() => waiting && say(waiting), wait).unref();
  };
}
