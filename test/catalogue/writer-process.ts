import { writeSync } from 'node:fs';
import { openCatalogue } from '../../src/catalogue/open-catalogue.js';

/** A program that writes items until it is done or killed, and says on standard output what was acknowledged. */
interface Orders {
  readonly dataFolder: string;
  readonly databaseUrl?: string;
  readonly prefix: string;
  readonly count: number;
  readonly atOnce: number;
}

async function write(orders: Orders): Promise<void> {
  const catalogue = await openCatalogue({
    dataFolder: orders.dataFolder,
    databaseUrl: orders.databaseUrl,
    now: () => Date.now(),
    ids: () => `${orders.prefix}-${process.pid}`,
  });
  let next = 0;
  const writer = async (): Promise<void> => {
    while (next < orders.count) {
      const n = next++;
      const itemId = `${orders.prefix}-${n}`;
      await catalogue.items.put('default', [{ itemId, attributes: { n } }]);
      writeSync(1, `put ${itemId}\n`);
      if (n % 3 !== 0) continue;
      await catalogue.items.delete('default', itemId);
      writeSync(1, `deleted ${itemId}\n`);
    }
  };
  await Promise.all(Array.from({ length: orders.atOnce }, writer));
  await catalogue.close();
}

void write(JSON.parse(process.argv[2]!) as Orders);
