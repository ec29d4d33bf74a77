import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Answer } from '../api.js';
import { Problem } from '../problem.js';
import { epoch } from './connection.js';
import { useStore } from './store.js';

export interface Asked {
  /** Undefined until the first page is here. */
  readonly answer: Answer | undefined;
  readonly problem: Problem | undefined;
  /** Appends the next page; undefined where there is none. */
  readonly more: (() => void) | undefined;
}
export type Ask = (cursor: string | undefined, signal: AbortSignal) => Promise<Answer>;

/** Asks when `subject` changes (and again after a lost connection), and appends further pages on request. */
export function useAnswer(subject: string, ask: Ask): Asked {
  const [held, setHeld] = useState<{ subject: string; answer?: Answer; problem?: Problem }>({ subject });
  const asked = useStore(epoch);
  const asking = useRef(ask);
  asking.current = ask;
  const aborter = useRef<AbortController>();

  const read = useCallback(
    async (before: Answer | undefined): Promise<void> => {
      aborter.current?.abort();
      const mine = new AbortController();
      aborter.current = mine;
      try {
        const page = await asking.current(before?.nextCursor, mine.signal);
        if (!mine.signal.aborted)
          setHeld({ subject, answer: { ...page, hits: [...(before?.hits ?? []), ...page.hits] } });
      } catch (cause) {
        if (mine.signal.aborted) return;
        const problem = cause instanceof Problem ? cause : new Problem({ detail: String(cause) });
        setHeld(before ? { subject, answer: before, problem } : { subject, problem });
      }
    },
    [subject],
  );

  // Here `asked` means: ask once more.
  useEffect(() => {
    void read(undefined);
    return () => aborter.current?.abort();
  }, [read, asked]);

  const now = held.subject === subject ? held : undefined;
  const answer = now?.answer;
  return {
    answer,
    problem: now?.problem,
    more: answer?.nextCursor ? () => void read(answer) : undefined,
  };
}
