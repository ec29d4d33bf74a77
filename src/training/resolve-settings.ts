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
  if (settings.method !== 'simclr' && settings.loss !== 'nt-xent')
    throw new AppError('SETTINGS_INVALID', {
      why: `✖ The loss "${settings.loss}" belongs to the method "simclr"; "${settings.method}" has one of its own.`,
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
