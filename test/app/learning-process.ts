import { createTowerProcesses } from '../../src/app/tower-processes.js';
import { readConfig } from '../../src/config.js';
import { circleRows, historiesOf } from '../recommend/behaviour/small-histories.js';

/** A program that learns two towers for so long that it is killed before they are there. */
const learn = createTowerProcesses({ config: readConfig({}) });
void Promise.all([1, 2].map((seed) => learn(historiesOf(circleRows(4_000, 200, 20, seed), 200), {})));
