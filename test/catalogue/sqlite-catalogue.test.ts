import { catalogueContract } from '../contracts/catalogue.contract.js';
import { catalogueHome } from './catalogue-home.js';

catalogueContract('SQLite', () => catalogueHome());
