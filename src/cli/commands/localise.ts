import { openFineMapEncoder } from '../../app/map-encoder.js';
import { openStores } from '../../app/stores.js';
import { pixelsOf, type Region, whyNoRegion } from '../../core/region.js';
import { localise as findRegion } from '../../encoder/localise.js';
import { AppError } from '../../errors.js';
import { describe, type PictureDescription } from '../../images/decode.js';
import { readPictureFile } from '../../images/folder-source.js';
import { prepare } from '../../images/prepare.js';
import { onPicture, onSample } from '../../images/sample-place.js';
import { chooseModel } from '../choose-model.js';
import { type Register, runs } from '../runs.js';

/** `kindred localise`: where in one picture is what a box in another shows? */
export const localise: Register = (program) => {
  program
    .command('localise <query> <target>')
    .description('Find what a box in one picture shows in another picture: a box and how like it is.')
    .requiredOption('--region <x,y,w,h>', 'the box in the first picture, in its pixels: left, top, width, height')
    .option('--model <id>', 'the model whose feature map is looked at')
    .option('--models <folder>', 'folder of the models (KINDRED_MODELS)')
    .option('--json', 'print the box as JSON')
    .addHelpText('after', '\nExample:\n  $ kindred localise shelf.jpg other-shelf.jpg --region 40,25,120,90\n')
    .action(
      runs<{ region: string; model?: string }>(async (world, terminal, flags, [query = '', target = '']) => {
        const stores = await openStores(world);
        try {
          const pictures = await Promise.all([query, target].map((file) => readPictureFile(file, stores.limits)));
          const [from, to] = await Promise.all(pictures.map((bytes) => describe(bytes, stores.limits)));
          const region = readRegion(flags.region, from!);
          const modelId = await chooseModel(stores, flags.model);
          const { preparation, encodeMaps, close } = await openFineMapEncoder(stores.registry, modelId);
          try {
            const asked = onSample(region, from!, preparation);
            if (asked.width <= 0 || asked.height <= 0)
              throw new AppError('REQUEST_INVALID', { why: `${modelId} cuts pictures, and sees nothing of this box.` });
            const samples = await Promise.all(pictures.map((bytes) => prepare(bytes, preparation, stores.limits)));
            const [one, other] = await encodeMaps(samples);
            const { box, score } = findRegion(one!, asked, other!);
            const { left: x, top: y, width, height } = pixelsOf(onPicture(box, to!, preparation), to!);
            if (terminal.json) terminal.print(JSON.stringify({ box: { x, y, width, height }, score, modelId }));
            else terminal.print(`${x},${y},${width},${height}  similarity ${score.toFixed(3)}`);
          } finally {
            await close();
          }
        } finally {
          await stores.close();
        }
        return 0;
      }),
    );
};

/** Pixels of a picture as shares of it. Throws REQUEST_INVALID. */
function readRegion(text: string, size: PictureDescription): Region {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [x = Number.NaN, y = Number.NaN, width = Number.NaN, height = Number.NaN] = numbers;
  const region = { x: x / size.width, y: y / size.height, width: width / size.width, height: height / size.height };
  const why = numbers.length === 4 ? whyNoRegion(region) : 'four numbers are needed';
  if (why === undefined) return region;
  throw new AppError('REQUEST_INVALID', {
    why: `--region ${text} is no box in ${size.width} × ${size.height} pixels (left,top,width,height): ${why}.`,
  });
}
