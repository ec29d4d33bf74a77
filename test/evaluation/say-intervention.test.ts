import { expect, it } from 'vitest';
import { sayIntervention } from '../../src/evaluation/say-intervention.js';

it.each([
  [{ action: 'warn', rateShare: 1 }, 'This is only a warning.'],
  [{ action: 'lower-rate', rateShare: 0.5 }, 'It goes on at 0.5 of its learning rate.'],
  [
    { action: 'restore', rateShare: 0.1 * 0.1 * 0.5, backTo: 40 },
    'It goes back to step 40, and on from there at 0.005 of its learning rate.',
  ],
] as const)('says what was seen, then what is done: %j', (intervention, does) => {
  const said = sayIntervention({ step: 50, says: 'at step 50 it sank.', ...intervention });

  expect(said).toBe(`Training looks unwell: at step 50 it sank. ${does}`);
});
