import { readFile } from 'node:fs/promises';
import { viewSweeps } from '../../../src/augment/view-sweeps.js';
import { demoCatalogue } from '../../../src/cli/demo-catalogue.js';
import { openOnnxEncoder } from '../../../src/encoder/onnx-encoder.js';
import { untrainedEncoder } from '../../../src/encoder/untrained-encoder.js';
import type { Inspected } from '../../../src/evaluation/report/gather-findings.js';
import { Preparation } from '../../../src/images/preparation.js';
import { prepare } from '../../../src/images/prepare.js';
import { samplePicture } from '../../../src/images/sample-picture.js';
import { ModelManifest } from '../../../src/registry/registry.js';
import { SHIPPED } from '../../shipped-model.js';

/** The shipped model and some drawings of the demo catalogue, ready to be looked at. The caller closes the encoders. */
export async function demoInspected(count: number): Promise<Inspected> {
  const file = (name: string) => readFile(new URL(`../../../models/${SHIPPED}/${name}`, import.meta.url));
  const { encoder, parameters: _, ...rest } = ModelManifest.parse(JSON.parse((await file('manifest.json')).toString()));
  const preparation = Preparation.parse(rest.preparation);
  const [samples, names]: [Uint8Array[], string[]] = [[], []];
  let at = 0;
  for await (const picture of demoCatalogue().list()) {
    if (at++ % 20 !== 0) continue;
    samples.push(await prepare(await picture.read(), preparation));
    names.push(picture.name);
    if (samples.length === count) break;
  }
  return {
    model: { ...rest, encoderParameters: encoder.parameters },
    encoder: await openOnnxEncoder(await file('encoder.onnx')),
    untrained: await openOnnxEncoder((await untrainedEncoder(await file('parameters.bin'), rest.seed))!),
    source: 'the demo catalogue',
    samples,
    names,
    thumbnail: async (sample) => {
      const bytes = await samplePicture(sample, rest.sample.shape, 24);
      return `data:image/webp;base64,${bytes.toString('base64')}`;
    },
    sweeps: viewSweeps(rest.sample.shape),
  };
}
