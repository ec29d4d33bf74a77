import { openStores } from '../../app/stores.js';
import { AppError } from '../../errors.js';
import { readPictureFile } from '../../images/folder-source.js';
import { chooseModel } from '../choose-model.js';
import { type Register, runs } from '../runs.js';

const BATCH = 32;

/** `kindred embed`: vectors of picture files, one line a file, in the order given. */
export const embed: Register = (program) => {
  program
    .command('embed <files...>')
    .description('Print the embedding of picture files, one JSON line a file.')
    .option('--model <id>', 'the model to embed with')
    .option('--models <folder>', 'folder of the models (KINDRED_MODELS)')
    .option('--json', 'print errors as JSON too')
    .addHelpText('after', '\nExample:\n  $ kindred embed a.jpg b.png > vectors.jsonl\n')
    .action(
      runs<{ model?: string }>(async (world, terminal, flags, files) => {
        const stores = await openStores(world);
        let failures = 0;
        try {
          const embedder = await stores.embedders.get(await chooseModel(stores, flags.model));
          for (let start = 0; start < files.length; start += BATCH) {
            const batch = files.slice(start, start + BATCH);
            const read = await Promise.all(
              batch.map((file) => readPictureFile(file, stores.limits).catch((cause: unknown) => cause)),
            );
            const originals = read.filter((each): each is Buffer => Buffer.isBuffer(each));
            const embedded = await embedder.embed(originals);
            let next = 0;
            for (const [i, file] of batch.entries()) {
              const outcome = Buffer.isBuffer(read[i]) ? embedded[next++]! : read[i];
              if (outcome instanceof Float32Array) terminal.print(JSON.stringify({ file, vector: [...outcome] }));
              else if (outcome instanceof AppError) {
                failures++;
                terminal.print(JSON.stringify({ file, error: { code: outcome.code, message: outcome.message } }));
              } else throw outcome;
            }
          }
        } finally {
          await stores.close();
        }
        return failures > 0 ? 1 : 0;
      }),
    );
};
