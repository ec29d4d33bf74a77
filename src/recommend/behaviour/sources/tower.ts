import type { Source } from '../source.js';
import { towerOf, towerRanker } from '../tower.js';

/** The behaviour model: what the newest entries of a history, taken together, lead to. Learnt by contrast. */
export const tower: Source = {
  inPlainSum: false,
  personal: true,
  async fit(histories, { learnTower, signal, embeddings, attributes }) {
    return learnTower ? towerRanker(await learnTower(histories, { signal, embeddings, attributes })) : null;
  },
  load: (parts) => towerRanker(towerOf(parts)),
};
