import type { Source } from '../source.js';

/** Milliseconds before the newest event at which an event counts half. */
const HALF_LIFE = 7 * 24 * 3_600_000;

/**
 * What has more interest of late than it always had, whoever asks: events decay with their age beside the newest event
 * (never the wall clock), and an item's decayed sum is set against what its share of all events would give it, in
 * standard deviations of a count: (recent − expected) / sqrt(expected + 1).
 */
export const trending: Source = {
  inPlainSum: false,
  personal: false,
  async fit({ items, itemAt, weightAt, timeAt }) {
    const newest = timeAt.reduce((latest, time) => Math.max(latest, time), Number.NEGATIVE_INFINITY);
    const [recent, ever] = [new Float64Array(items), new Float64Array(items)];
    let [allRecent, allEver] = [0, 0];
    for (let at = 0; at < itemAt.length; at++) {
      if (weightAt[at]! <= 0) continue;
      const now = 0.5 ** ((newest - timeAt[at]!) / HALF_LIFE);
      recent[itemAt[at]!]! += now;
      ever[itemAt[at]!]! += 1;
      allRecent += now;
      allEver += 1;
    }
    const bursts = Float32Array.from(recent, (now, item) => {
      const expected = allEver === 0 ? 0 : (ever[item]! / allEver) * allRecent;
      return (now - expected) / Math.sqrt(expected + 1);
    });
    return { score: (_, into) => into.set(bursts) };
  },
};
