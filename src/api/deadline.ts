/** Waits for something, and can be told that it is over, or that there was news and the time begins anew. */
export interface Deadline {
  refresh(): void;
  end(): void;
}

interface Waiting {
  readonly ms: number;
  readonly late: () => void;
  timer: NodeJS.Timeout | undefined;
  over: boolean;
}

let fresh: Waiting[] = [];

/**
 * Calls `late` where nobody has said within `ms` that it is over. Most of what is waited for is there before the turn of the
 * event loop ends, so a timer, which costs more than looking up an answer, is made only after that.
 */
export function deadline(ms: number, late: () => void): Deadline {
  const waiting: Waiting = { ms, late, timer: undefined, over: false };
  if (fresh.push(waiting) === 1) setImmediate(arm);
  return {
    refresh: () => void waiting.timer?.refresh(),
    end() {
      waiting.over = true;
      clearTimeout(waiting.timer);
    },
  };
}

function arm(): void {
  const all = fresh;
  fresh = [];
  for (const waiting of all) if (!waiting.over) waiting.timer = setTimeout(waiting.late, waiting.ms);
}
