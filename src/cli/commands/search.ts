import { existsSync } from 'node:fs';
import { openServing } from '../../app/serving.js';
import { openStores } from '../../app/stores.js';
import { whenLoaded } from '../../app/when-loaded.js';
import { AppError } from '../../errors.js';
import { readPictureFile } from '../../images/folder-source.js';
import type { Example, Hit } from '../../recommend/planner.js';
import { type Register, runs } from '../runs.js';
import { createTable } from '../table.js';

/** `kindred search`: what is like this picture, or like this item? */
export const search: Register = (program) => {
  program
    .command('search <fileOrId>')
    .description('Show what is similar to a picture file or to an item.')
    .option('-k <n>', 'how many', '10')
    .option('--collection <name>', 'which collection', 'default')
    .option('--min-confidence <share>', 'only hits at least so sure, from 0 to 1')
    .option('--json', 'print hits as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ kindred search ./photo.jpg -k 5\n  $ kindred search 1f34e --min-confidence 0.5\n',
    )
    .action(
      runs<{ k: string; collection: string; minConfidence?: string }>(async (world, terminal, flags, [asked = '']) => {
        const k = Number(flags.k);
        if (!Number.isInteger(k) || k < 1 || k > 1000) {
          throw new AppError('REQUEST_INVALID', { why: `-k is a whole number from 1 to 1000, not "${flags.k}".` });
        }
        const minConfidence = flags.minConfidence === undefined ? undefined : Number(flags.minConfidence);
        if (minConfidence !== undefined && !(minConfidence >= 0 && minConfidence <= 1)) {
          throw new AppError('REQUEST_INVALID', {
            why: `--min-confidence is a number from 0 to 1, not "${flags.minConfidence}".`,
          });
        }
        const stores = await openStores(world);
        const serving = openServing(world, stores);
        try {
          const live = await whenLoaded(world, serving, flags.collection);
          let example: Example;
          // What looks like a path and is no item either is a file that is not there: reading it says so.
          if (existsSync(asked) || (asked.includes('/') && !live.item(asked))) {
            if (live.modelId === null) throw new AppError('MODEL_NOT_FOUND', { modelId: 'any' });
            const embedder = await stores.embedders.get(live.modelId);
            const [vector] = await embedder.embed([await readPictureFile(asked, stores.limits)]);
            if (!(vector instanceof Float32Array)) throw vector;
            example = { kind: 'vector', vector, weight: 1 };
          } else example = { kind: 'item', itemId: asked, weight: 1 };

          const plan = await serving.plan(flags.collection, {
            examples: [example],
            k,
            ...(minConfidence === undefined ? {} : { minConfidence }),
            offset: 0,
            exclude: [],
            includeSeen: true,
            explain: false,
          });
          if (terminal.json) terminal.print(JSON.stringify(plan));
          else terminal.print(plan.noMatch?.detail ?? tableOf(plan.hits));
        } finally {
          await serving.close();
          await stores.close();
        }
        return 0;
      }),
    );
};

/** Hits one below the other; how sure each is where the index knows. */
function tableOf(hits: readonly Hit[]): string {
  const sure = hits.some((hit) => hit.confidence !== undefined);
  const table = createTable(['item', 'similarity', ...(sure ? ['same picture'] : []), 'attributes']);
  for (const { itemId, similarity, confidence, attributes } of hits)
    table.push([
      itemId,
      similarity?.toFixed(3) ?? '',
      ...(sure ? [confidence === undefined ? '' : `${(100 * confidence).toFixed(1)}%`] : []),
      shortened(JSON.stringify(attributes)),
    ]);
  return table.toString();
}

const SHOWN = 60;
const shortened = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN - 1)}…` : text);
