/** Things that are slow to open, one a name: opened when first asked for, shared, and closed when nobody uses them. */
export interface KeptOpen<T> {
  /** Runs the work with the thing of this name, which stays open until the work is done. Throws what `open` throws. */
  use<R>(name: string, work: (opened: T) => Promise<R>): Promise<R>;
  /** Waits for the work that goes on, then closes all. */
  close(): Promise<void>;
}

interface Held<T> {
  readonly opening: Promise<T>;
  readonly users: Set<Promise<unknown>>;
}

/** Keeps at most `keep` things open beside those in use; the one that was asked for longest ago goes first. */
export function keepOpen<T extends { close(): Promise<void> }>(
  open: (name: string) => Promise<T>,
  keep: number,
): KeptOpen<T> {
  const byName = new Map<string, Held<T>>();
  const retiring = new Set<Promise<void>>();

  async function closeUnused({ opening, users }: Held<T>): Promise<void> {
    await Promise.allSettled(users);
    await opening.then(
      (opened) => opened.close(),
      () => {},
    );
  }
  function retire(name: string, held: Held<T>): void {
    byName.delete(name);
    const closing = closeUnused(held).finally(() => retiring.delete(closing));
    retiring.add(closing);
  }

  return {
    async use(name, work) {
      const held = byName.get(name) ?? { opening: open(name), users: new Set() };
      byName.delete(name);
      byName.set(name, held); // a map keeps the order of insertion: the last is the newest asked for
      held.opening.catch(() => {
        if (byName.get(name) === held) byName.delete(name); // a later try may succeed
      });
      const using = held.opening.then(work);
      held.users.add(using);
      for (const [oldest, other] of byName) {
        if (byName.size <= keep) break;
        retire(oldest, other);
      }
      try {
        return await using;
      } finally {
        held.users.delete(using);
      }
    },
    async close() {
      for (const [name, held] of byName) retire(name, held);
      await Promise.all(retiring);
    },
  };
}
