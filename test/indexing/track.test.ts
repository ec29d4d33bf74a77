import { expect, it } from 'vitest';
import { noLog } from '../../src/core/log.js';
import type { Calibration } from '../../src/indexing/calibration.js';
import { Track } from '../../src/indexing/track.js';
import { toyWhitening } from '../encoder/toy-parts.js';

it('a track under another release of its index keeps what the index does to vectors and what similarities mean', () => {
  const calibration: Calibration = {
    curve: { slope: 2, offset: -18 },
    thresholds: [],
    copies: 200,
    others: 200,
    passedOver: 0,
  };
  const names = { releaseId: 'first', indexId: 'index', modelId: 'model' };
  const whitening = toyWhitening(4);
  const track = new Track({ storeKind: 'exact', log: noLog }, names, { whitening, calibration });

  const next = track.under({ ...names, releaseId: 'second', behaviourId: 'learnt' }, 7);

  expect(next).toMatchObject({ releaseId: 'second', behaviourId: 'learnt', revision: 7 });
  expect([next.whitening, next.calibration]).toEqual([whitening, calibration]);
});
