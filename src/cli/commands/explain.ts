import { existsSync } from 'node:fs';
import type { MatchAsked } from '../../api/deps.js';
import { createMatchExplainer, explainedPicture } from '../../app/explain-match.js';
import { openStores, type Stores } from '../../app/stores.js';
import type { Grid } from '../../encoder/shared-places.js';
import { AppError } from '../../errors.js';
import { readPictureFile } from '../../images/folder-source.js';
import { readIndexWhitening } from '../../indexing/index-manifest.js';
import { chooseModel } from '../choose-model.js';
import { type Register, runs } from '../runs.js';
import { writeOut } from '../write-out.js';

const SIZE = { least: 64, most: 1_024 };

interface Flags {
  readonly out: string;
  readonly size: string;
  readonly show: string;
  readonly collection: string;
  readonly model?: string;
  readonly models?: string;
}

/** `kindred explain`: where are two pictures alike? */
export const explain: Register = (program) => {
  program
    .command('explain <one> <other>')
    .description('Show where two pictures are alike: their heat maps side by side, as a PNG.')
    .option('--out <file>', 'where the PNG goes', 'explain.png')
    .option('--size <pixels>', 'sides of each of the two, from 64 to 1024', '384')
    .option('--show <what>', 'places: what is found again in the other; shares: what makes the similarity', 'places')
    .option(
      '--collection <name>',
      'whose similarities are explained, and whose items may be named instead of files',
      'default',
    )
    .option('--model <id>', 'the model whose similarity is explained')
    .option('--models <folder>', 'folder of the models (KINDRED_MODELS)')
    .option('--json', 'print the numbers of each cell as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ kindred explain mine.jpg theirs.jpg --out why.png\n  $ kindred explain 1f34e 1f350\n',
    )
    .action(
      runs<Flags>(async (world, terminal, flags, [one = '', other = '']) => {
        const size = Number(flags.size);
        if (!Number.isInteger(size) || size < SIZE.least || size > SIZE.most)
          throw new AppError('REQUEST_INVALID', {
            why: `--size is a whole number from ${SIZE.least} to ${SIZE.most}, not "${flags.size}".`,
          });
        const { show } = flags;
        if (show !== 'places' && show !== 'shares')
          throw new AppError('REQUEST_INVALID', { why: `--show is "places" or "shares", not "${show}".` });
        const stores = await openStores(world);
        const explainer = createMatchExplainer(stores.registry, stores.limits);
        try {
          const modelId = await chooseModel(stores, flags.model, flags.collection);
          const read = (named: string) => fileOrItem(stores, flags.collection, named);
          const originals = [await read(one), await read(other)] as const;
          const index = await servedIndex(stores, flags.collection);
          const match = await explainer.explain({ modelId, index, originals, size, show, blend: true });
          const path = await writeOut(flags.out, await explainedPicture(match, size));
          const { similarity, query, hit } = match;
          const side = ({ places, shares }: typeof query) => ({ places: listed(places), shares: listed(shares) });
          if (terminal.json)
            terminal.print(JSON.stringify({ similarity, one: side(query), other: side(hit), modelId, file: path }));
          else terminal.print(`similarity ${similarity.toFixed(3)}  ${path}`);
        } finally {
          await explainer.close();
          await stores.close();
        }
        return 0;
      }),
    );
};

/** What a server of this collection would search. Throws INDEX_NOT_FOUND, INDEX_DAMAGED. */
async function servedIndex({ catalogue, indexesFolder }: Stores, collection: string): Promise<MatchAsked['index']> {
  const release = await catalogue.releases.active(collection);
  if (!release) return { modelId: null };
  return { modelId: release.modelId, whitening: await readIndexWhitening(indexesFolder, release.indexId) };
}

const listed = ({ rows, columns, values }: Grid) => ({ rows, columns, values: [...values] });

/** The picture of a file, or of an item where no file is called so. Throws ITEM_NOT_FOUND, PICTURE_MISSING, BLOB_DAMAGED. */
async function fileOrItem(
  { catalogue, blobs, limits }: Stores,
  collection: string,
  named: string,
): Promise<Uint8Array> {
  if (existsSync(named)) return readPictureFile(named, limits);
  const item = await catalogue.items.get(collection, named);
  if (!item) throw new AppError('ITEM_NOT_FOUND', { itemId: named });
  if (item.picture === null) throw new AppError('PICTURE_MISSING', {});
  const { content } = item.picture;
  const bytes = await blobs.get(content);
  if (!bytes) throw new AppError('BLOB_DAMAGED', { content });
  return bytes;
}
