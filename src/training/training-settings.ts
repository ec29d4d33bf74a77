import { z } from 'zod';
import { NETWORK_NAMES } from '../encoder/networks.js';
import { LOSS_NAMES } from './losses/index.js';
import { METHOD_NAMES } from './methods/index.js';
import { OPTIMISER_NAMES } from './optimisers/index.js';

const options = z.record(z.string(), z.unknown()).default({});

/** How long to train: exactly one of them. */
export const Budget = z.union([
  z.strictObject({ minutes: z.number().positive().describe('Wall time of the whole run, export included.') }),
  z.strictObject({ epochs: z.number().positive() }),
  z.strictObject({ steps: z.int().positive() }),
]);
export type Budget = z.output<typeof Budget>;

/** Everything that decides what a training run does, beside its data and views. The defaults are the measured recipe. */
export const TrainingSettings = z.strictObject({
  budget: Budget.default({ minutes: 10 }),
  seed: z.int().min(0).max(0xffff_ffff).default(1),
  architecture: z.enum(NETWORK_NAMES).default('residual').describe('The network.'),
  architectureOptions: options.describe('Width, blocks and pooling of the network.'),
  method: z.enum(METHOD_NAMES).default('simclr').describe('What is learned from views.'),
  methodOptions: options.describe('Sizes of the head.'),
  loss: z.enum(LOSS_NAMES).default('nt-xent'),
  lossOptions: options.describe('Temperature: lower looks harder at the nearest wrong pictures.'),
  optimiser: z.enum(OPTIMISER_NAMES).default('adamw'),
  optimiserOptions: options.describe('Weight decay and moments.'),
  batch: z
    .int()
    .min(2)
    .max(4096)
    .default(128)
    .describe('Pictures a step. Small batches make more steps a minute, large ones harder comparisons.'),
  parts: z
    .int()
    .min(1)
    .max(256)
    .default(1)
    .describe('Parts in which a step is computed: more take less memory; two or more cost one more forward pass.'),
  learningRate: z.number().positive().default(3e-3).describe('Peak. Too high diverges, too low wastes the budget.'),
  warmUp: z.int().min(0).default(20).describe('Steps over which the learning rate rises.'),
  frozen: z.boolean().optional().describe('Only the head learns: the network stays as it came.'),
  firstLayerRate: z
    .number()
    .positive()
    .max(1)
    .optional()
    .describe('Share of the learning rate at the layer next to the pictures, rising to 1 at the end (1).'),
  whitening: z
    .enum(['none', 'half', 'full'])
    .default('full')
    .describe('full finds the nearest few best, none ranks everything best, half lies between.'),
  dimension: z
    .int()
    .min(2)
    .default(512)
    .describe(
      'Numbers of an embedding at most: of longer features, the principal axes with the most variance are kept.',
    ),
  keep: z
    .enum(['last', 'best'])
    .optional()
    .describe('Which weights are published: last, or of the look with the best recall of the other view (last).'),
  patience: z
    .int()
    .min(1)
    .optional()
    .describe('Looks without a better recall of the other view after which training ends; never where absent.'),
  checkpointSeconds: z.number().positive().default(60).describe('Time between checkpoints.'),
});
export type TrainingSettings = z.output<typeof TrainingSettings>;
