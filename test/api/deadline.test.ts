import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deadline } from '../../src/api/deadline.js';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate'] }));
afterEach(() => vi.useRealTimers());

describe('a deadline', () => {
  it('passes where nobody says in time that it is over', () => {
    const late = vi.fn();
    deadline(50, late);

    vi.advanceTimersByTime(49);
    expect(late).not.toHaveBeenCalled();
    vi.advanceTimersByTime(10);
    expect(late).toHaveBeenCalledTimes(1);
  });

  it('is over for good, at once or later', () => {
    const late = vi.fn();
    const [soon, later] = [deadline(50, late), deadline(50, late)];
    soon.end();
    vi.advanceTimersByTime(40);
    later.end();

    vi.advanceTimersByTime(1_000);
    expect(late).not.toHaveBeenCalled();
  });

  it('begins anew with news', () => {
    const late = vi.fn();
    const pause = deadline(50, late);
    for (let i = 0; i < 5; i++) {
      vi.advanceTimersByTime(40);
      pause.refresh();
    }
    expect(late).not.toHaveBeenCalled();
    vi.advanceTimersByTime(60);
    expect(late).toHaveBeenCalledTimes(1);
  });

  it('makes no timer for what is over within its turn', () => {
    for (let i = 0; i < 10; i++) deadline(50, () => {}).end();

    vi.advanceTimersToNextTimer(); // the end of the turn
    expect(vi.getTimerCount()).toBe(0);
  });
});
