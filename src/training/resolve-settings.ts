import { z } from 'zod';
import { networkOptions } from '../encoder/networks.js';
import { AppError } from '../errors.js';
import { LOSSES } from './losses/index.js';
import { METHODS } from './methods/index.js';
import { OPTIMISERS } from './optimisers/index.js';
import { TrainingSettings } from './training-settings.js';

/** Parses settings and the options of every row they name, so that a manifest shows all of them. Throws SETTINGS_INVALID. */
export function resolveSettings(raw: unknown): TrainingSettings {
  const settings = parse(TrainingSettings, raw);
  const { method, loss, lossOptions } = settings;
  if (method !== 'simclr' && (loss !== 'nt-xent' || Object.keys(lossOptions).length > 0))
    throw new AppError('SETTINGS_INVALID', {
      why: `✖ Losses and their options belong to the method "simclr"; "${method}" has a loss of its own (methodOptions).`,
    });
  return {
    ...settings,
    architectureOptions: parse(networkOptions(settings.architecture)!, settings.architectureOptions),
    methodOptions: parse(METHODS[settings.method].options, settings.methodOptions),
    lossOptions: parse(LOSSES[settings.loss].options, settings.lossOptions),
    optimiserOptions: parse(OPTIMISERS[settings.optimiser].options, settings.optimiserOptions),
  };
}

function parse<S extends z.ZodType>(schema: S, raw: unknown): z.output<S> {
  const parsed = schema.safeParse(raw);
  if (!parsed.success) throw new AppError('SETTINGS_INVALID', { why: z.prettifyError(parsed.error) });
  return parsed.data;
}
