import type { Intervention } from '../registry/registry.js';

const DOES: Record<Intervention['action'], (intervention: Intervention) => string> = {
  warn: () => 'This is only a warning.',
  'lower-rate': ({ rateShare }) => `It goes on at ${share(rateShare)} of its learning rate.`,
  restore: ({ rateShare, backTo }) =>
    `It goes back to step ${backTo}, and on from there at ${share(rateShare)} of its learning rate.`,
};

/** What the guard of a training run saw and what it did about it, as two sentences. */
export const sayIntervention = (intervention: Intervention): string =>
  `Training looks unwell: ${intervention.says} ${DOES[intervention.action](intervention)}`;

/** Without the digits that halving and tenths leave behind. */
const share = (rateShare: number): string => String(Number(rateShare.toPrecision(3)));
