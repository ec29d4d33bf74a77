import { fingerprint } from '../core/fingerprint.js';
import { exportEncoder } from '../encoder/export-encoder.js';
import { type BackboneOptions, readBackbone } from '../encoder/imported/read-backbone.js';
import { buildNetwork, type NetworkName } from '../encoder/networks.js';
import { openOnnxEncoder } from '../encoder/onnx-encoder.js';
import type { SavedParameters } from '../encoder/parameters-file.js';
import type { PixelStatistics } from '../encoder/pixel-statistics.js';
import { declareProbes, type ProbeScore, scoreProbes } from '../evaluation/probes.js';

/** A network that somebody brings along. */
export interface Backbone {
  /** The ONNX file. */
  readonly bytes: Uint8Array;
  /** What the file is called. */
  readonly name: string;
  /** SPDX expression, as its owner says: it goes into the manifest of every model made from it. */
  readonly licence: string;
  readonly options: BackboneOptions;
}

/** What the manifest says of it. */
export const backboneRecord = ({ bytes, name, licence }: Backbone) => ({ name, licence, sha256: fingerprint(bytes) });

/** A backbone as a run goes on from it. Throws BACKBONE_INVALID, BACKBONE_OPERATOR_UNKNOWN, SETTINGS_INVALID. */
export function openBackbone({ bytes, options }: Backbone) {
  const { saved, notices } = readBackbone(bytes, options);
  const [channels, size] = saved.shape as [number, number];
  const { architecture, architectureOptions } = saved;
  return { saved, notices, preparation: { size, channels }, settings: { architecture, architectureOptions } };
}

const each = (value: number): number[] => [value, value, value];

/** The ways in which published networks want their pixels, for values in [0, 1]. */
const SCALINGS: Readonly<Record<string, PixelStatistics>> = {
  'mean and deviation of ImageNet': { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
  'values from −1 to 1 (--backbone-mean 0.5 --backbone-deviation 0.5)': { mean: each(0.5), deviation: each(0.5) },
  'values from 0 to 1 (--backbone-mean 0 --backbone-deviation 1)': { mean: each(0), deviation: each(1) },
  'values from 0 to 255 (--backbone-mean 0 --backbone-deviation 0.00392)': { mean: each(0), deviation: each(1 / 255) },
};
/** Pictures that are looked at, at most: each way of scaling embeds all of them twice. */
const LOOKED_AT = 96;
/** Fewer dimensions in use than this tell no pictures apart. */
const LEAST_RANK = 2;

/**
 * Looks at real pictures through a backbone as it was scaled and as other networks want it. Two changed views of each
 * picture shall find each other: where another way of scaling does that clearly better, the one that was given is wrong.
 * @param samples bytes of prepared pictures
 * @returns sentences for people, none where nothing looks wrong
 */
export async function doubtsAbout(
  saved: SavedParameters,
  samples: readonly Uint8Array[],
  threads: number,
): Promise<readonly string[]> {
  const [channels, height, width] = saved.shape as [number, number, number];
  const sample = [height, width, channels];
  const pictures = samples.slice(0, LOOKED_AT);
  if (pictures.length < 8) return [];
  const probes = declareProbes(pictures, sample);
  const block = await buildNetwork(saved.architecture as NetworkName, saved.architectureOptions, saved.shape, saved);
  const parts = {
    encoder: block,
    parameters: saved.parameters,
    statistics: {},
    whitening: undefined,
    sample,
    notes: {},
  };
  const score = async (pixels: PixelStatistics): Promise<ProbeScore | undefined> => {
    const encoder = await openOnnxEncoder(exportEncoder({ ...parts, pixels }), { threads });
    try {
      return await scoreProbes(probes, encoder).catch(() => undefined); // numbers without end are a score too: none
    } finally {
      await encoder.close();
    }
  };
  const given = await score(saved.pixels);
  if (!given) return ['The backbone gives no finite numbers for these pictures: their scaling is wrong.'];
  const doubts: string[] = [];
  if (given.effectiveRank < LEAST_RANK)
    doubts.push(
      `The backbone uses ${given.effectiveRank.toFixed(1)} dimensions for these pictures: look at its scaling.`,
    );
  if (channels !== 3) return doubts;
  for (const [name, pixels] of Object.entries(SCALINGS)) {
    const other = await score(pixels);
    if (other && other.low > given.high)
      doubts.push(
        `With ${name} the backbone finds ${percent(other.recall)} of views again, and as it was scaled ` +
          `${percent(given.recall)}: look at its mean and deviation.`,
      );
  }
  return doubts;
}

const percent = (share: number): string => `${Math.round(100 * share)}%`;
