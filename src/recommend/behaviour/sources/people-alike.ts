import { occurrencesOf } from '../histories.js';
import { decayed, type Source } from '../source.js';

/** People who have a say: those most like whoever asks. */
const NEIGHBOURS = 100;
/** What one step back counts, in the asker's history and in those of others. */
const OWN_DECAY = 0.9;
const THEIR_DECAY = 0.98;
/** Items in common at which a likeness counts half. */
const SHRINK = 2;

/**
 * What the hundred people most like this one touched. Histories are rows of decayed entries, each item by the logarithm of
 * how few touched it; likeness is their cosine, times c / (c + 2) for c items in common, and a neighbour's say is its
 * square. Herlocker et al. 1999, "An Algorithmic Framework for Performing Collaborative Filtering"; the rarity as in
 * Breese et al. 1998.
 *
 * It is judged beside the others and never served. It needs the rows of people, which no model keeps, so that nobody who
 * is forgotten need be taken out of one; and on earlier events the plain sum was worse with it (bench `recommend`, tune).
 */
export const peopleAlike: Source = {
  inPlainSum: false,
  personal: true,
  judgedOnly: true,
  async fit(histories) {
    const { items, people, starts, itemAt, weightAt } = histories;
    const whose = occurrencesOf(histories);
    const rarity = Float64Array.from({ length: items }, (_, item) =>
      Math.log((people + 1) / Math.max(1, whose.starts[item + 1]! - whose.starts[item]!)),
    );
    const their = new Float64Array(itemAt.length);
    const lengths = new Float64Array(people);
    for (let p = 0; p < people; p++) {
      const end = starts[p + 1]!;
      for (let at = starts[p]!; at < end; at++) {
        their[at] = rarity[itemAt[at]!]! * THEIR_DECAY ** (end - 1 - at);
        lengths[p]! += their[at]! ** 2;
      }
      lengths[p] = Math.sqrt(lengths[p]!);
    }
    return {
      score(history, into) {
        into.fill(0);
        const [along, common] = [new Float64Array(people), new Float64Array(people)];
        for (const { item, weight } of decayed(history, OWN_DECAY)) {
          for (let k = whose.starts[item]!; k < whose.starts[item + 1]!; k++) {
            along[whose.personAt[k]!]! += weight * rarity[item]! * their[whose.positions[k]!]!;
            common[whose.personAt[k]!]!++;
          }
        }
        const likeness = along.map((sum, p) =>
          sum === 0 ? 0 : (sum / lengths[p]!) * (common[p]! / (common[p]! + SHRINK)),
        );
        const nearest = [...likeness.keys()]
          .filter((p) => likeness[p] !== 0)
          .sort((a, b) => Math.abs(likeness[b]!) - Math.abs(likeness[a]!) || a - b)
          .slice(0, NEIGHBOURS);
        for (const p of nearest) {
          const say = Math.sign(likeness[p]!) * likeness[p]! ** 2;
          for (let at = starts[p]!; at < starts[p + 1]!; at++) if (weightAt[at]! > 0) into[itemAt[at]!]! += say;
        }
      },
    };
  },
};
