/** Something that is looked at again and again for as long as the process lives. */
export interface Looking {
  close(): void;
}

/** Looks every so often (never, where that is Infinity), one look at a time. A look that fails is told. */
export function lookEvery(everyMs: number, look: () => Promise<void>, failed: (cause: unknown) => void): Looking {
  if (everyMs === Infinity) return { close() {} };
  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void look()
      .catch(failed)
      .finally(() => {
        looking = false;
      });
  }, everyMs).unref();
  return { close: () => clearInterval(timer) };
}
