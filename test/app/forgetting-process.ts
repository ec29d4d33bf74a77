import { writeSync } from 'node:fs';
import { forgetPeople } from '../../src/app/forget-people.js';
import { openCatalogue } from '../../src/catalogue/open-catalogue.js';

/** A program that forgets who is to be forgotten, until it is done or killed, and says how far it is. */
async function forget({ dataFolder }: { dataFolder: string }): Promise<void> {
  const catalogue = await openCatalogue({ dataFolder, now: () => 1, ids: () => String(process.pid) });
  await forgetPeople(catalogue.events, {
    collection: 'default',
    holdsClaim: async () => {},
    progress: ({ done }) => writeSync(1, `${done}\n`),
  });
  await catalogue.close();
}

void forget(JSON.parse(process.argv[2]!) as { dataFolder: string });
