import { catalogueContract } from '../contracts/catalogue.contract.js';
import { catalogueHome } from './catalogue-home.js';
import { SMALL_RUNS } from './small-runs.js';

catalogueContract('SQLite', () => catalogueHome());
catalogueContract('SQLite whose runs of events are small', () => catalogueHome(undefined, SMALL_RUNS));
