import { openStores } from '../../app.js';
import { type ApiKey, SCOPES, type Scope } from '../../catalogue/catalogue.js';
import { AppError } from '../../errors.js';
import { type Register, runs } from '../runs.js';
import { createTable } from '../table.js';

const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

function parseScopes(text: string): Scope[] {
  const wrong = list(text).filter((scope) => !SCOPES.includes(scope as Scope));
  if (wrong.length > 0)
    throw new AppError('REQUEST_INVALID', {
      why: `Unknown scope: ${wrong.join(', ')}. There are ${SCOPES.join(', ')}.`,
    });
  return list(text) as Scope[];
}

const row = (key: ApiKey): string[] => [
  key.keyId,
  key.name,
  key.scopes.join(','),
  key.collections?.join(',') ?? 'all',
  key.ratePerSecond === null ? 'default' : `${key.ratePerSecond}/s`,
  key.revokedAt === null ? 'valid' : 'revoked',
];

/** `kindred keys`: makes, lists and revokes the keys of the API. Only a hash of a key is ever stored. */
export const keys: Register = (program) => {
  const command = program
    .command('keys')
    .description('Make, list and revoke API keys.')
    .addHelpText(
      'after',
      '\nExample:\n  $ kindred keys create --name shop --scopes search,write --collections default\n',
    );

  command
    .command('create')
    .description('Make a key and print it, once.')
    .requiredOption('--name <name>', 'what it is for')
    .option('--scopes <scopes>', 'search, write, admin', 'search')
    .option('--collections <names>', 'only these collections')
    .option('--rate <perSecond>', 'requests a second')
    .option('--json', 'print JSON')
    .action(
      runs<{ name: string; scopes: string; collections?: string; rate?: string }>(async (world, terminal, flags) => {
        const scopes = parseScopes(flags.scopes);
        const rate = flags.rate === undefined ? null : Number(flags.rate);
        if (rate !== null && !(rate > 0))
          throw new AppError('REQUEST_INVALID', { why: `A rate is a positive number, not "${flags.rate}".` });
        const stores = await openStores(world);
        try {
          const made = await stores.catalogue.keys.create({
            name: flags.name,
            scopes,
            collections: flags.collections === undefined ? null : list(flags.collections),
            ratePerSecond: rate,
          });
          terminal.say(`Key ${made.key.keyId} (${scopes.join(', ')}). It is shown this once:`);
          terminal.print(terminal.json ? JSON.stringify({ ...made.key, secret: made.secret }) : made.secret);
        } finally {
          await stores.close();
        }
        return 0;
      }),
    );

  command
    .command('list')
    .description('List the keys.')
    .option('--json', 'print JSON')
    .action(
      runs(async (world, terminal) => {
        const stores = await openStores(world);
        try {
          const found = await stores.catalogue.keys.list();
          if (terminal.json) terminal.print(JSON.stringify({ keys: found }));
          else {
            const table = createTable(['key', 'name', 'scopes', 'collections', 'rate', 'state']);
            table.push(...found.map(row));
            terminal.print(table.toString());
          }
        } finally {
          await stores.close();
        }
        return 0;
      }),
    );

  command
    .command('revoke <keyId>')
    .description('Revoke a key. Servers stop taking it within seconds.')
    .action(
      runs(async (world, terminal, _flags, [keyId = '']) => {
        const stores = await openStores(world);
        try {
          if (!(await stores.catalogue.keys.revoke(keyId))) throw new AppError('KEY_NOT_FOUND', { keyId });
          terminal.say(`Key ${keyId} is revoked.`);
        } finally {
          await stores.close();
        }
        return 0;
      }),
    );
};
