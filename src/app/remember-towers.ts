import { fingerprint } from '../core/fingerprint.js';
import type { LearnTower, Tower } from '../recommend/behaviour/tower.js';

/** Learns from the same histories only once: protocols hold out much the same. Ask always with the same of the items. */
export function rememberTowers(learn: LearnTower): LearnTower {
  const learnt = new Map<string, Promise<Tower>>();
  return (histories, given) => {
    const key = [histories.starts, histories.itemAt].map((part) => fingerprint(Buffer.from(part.buffer))).join();
    const before = learnt.get(key) ?? learn(histories, given);
    learnt.set(key, before);
    return before;
  };
}
