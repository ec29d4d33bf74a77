import { READING } from '../encoder/architectures/stage-options.js';
import type { Block, ParameterSpec } from '../encoder/block.js';
import { networkOptions } from '../encoder/networks.js';
import { statisticsOf } from '../encoder/parameter-layout.js';
import type { SavedParameters, SavedTensor } from '../encoder/parameters-file.js';
import type { PixelStatistics } from '../encoder/pixel-statistics.js';
import { savedParametersFor } from '../encoder/saved-parameters-for.js';
import { AppError } from '../errors.js';
import type { Views } from './samples.js';
import type { TrainingSettings } from './training-settings.js';

/** A model that a run goes on from, and what the run is. */
export interface Parent {
  readonly initial: SavedParameters;
  readonly settings: TrainingSettings;
}

/** The network must be the same; the pictures may have another size or other channels. */
export function assertSameNetwork({ initial, settings }: Parent): void {
  const describe = (name: string, options: object) => {
    const known = networkOptions(name)?.safeParse(options);
    const learnt = Object.entries((known?.success ? known.data : options) as object);
    return `${name} ${JSON.stringify(Object.fromEntries(learnt.filter(([option]) => !READING.includes(option))))}`;
  };
  const theirs = describe(initial.architecture, initial.architectureOptions);
  const ours = describe(settings.architecture, settings.architectureOptions);
  if (theirs !== ours)
    throw new AppError('PARAMETERS_INVALID', { why: `it is ${theirs}, and these settings ask for ${ours}` });
}

/** What a frozen network keeps of its parent: no head. */
export function frozenParts({ parameters, normalisations }: Block, parent: Parent) {
  const all = savedParametersFor(parent.initial, parameters);
  const pick = (from: Readonly<Record<string, SavedTensor>>, specs: readonly ParameterSpec[]) =>
    Object.fromEntries(
      specs.map(({ name }) => {
        const part = from[name];
        if (!part) throw new AppError('PARAMETERS_INVALID', { why: `"${name}" is missing` });
        return [name, part];
      }),
    );
  return {
    parameters: pick(all, parameters),
    statistics: pick(parent.initial.statistics, statisticsOf(normalisations)),
  };
}

/** What a parent's network was standardised with, if it read as many channels. */
export const pixelsOf = (initial: Parent['initial'] | undefined, views: Views): PixelStatistics | undefined =>
  initial?.shape[0] === views.shape[0] ? initial?.pixels : undefined;
