import { ContentSet } from './content-set.js';
import { DAY_MS, type Tidying } from './tidying.js';

const PAGE = 1000;
/** How long nobody must have stored an original before it goes to the trash, and how long it stays there. */
const IDLE_MS = DAY_MS;

/**
 * Originals that no item of any collection refers to: into the trash, and a day later, where still nobody does, away.
 * A picture is on disk before the row that names it commits; `BlobUpkeep` says how the two steps bear with that.
 */
export async function tidyPictures(tidying: Tidying): Promise<void> {
  const wanted = await wantedContents(tidying);
  await emptyTrash(tidying, wanted);
  await trashUnwanted(tidying, wanted);
}

/** What items refer to. One that is missing here would cost a picture, so whatever fails ends the step. */
async function wantedContents({ stores, pause }: Tidying): Promise<ContentSet> {
  const { collections, items } = stores.catalogue;
  const wanted = new ContentSet();
  for (const { name } of await collections.list()) {
    let after: string | undefined;
    do {
      const page = await items.contents(name, { limit: PAGE, ...(after === undefined ? {} : { after }) });
      for (const content of page.rows) wanted.add(content);
      after = page.next;
      await pause();
    } while (after !== undefined);
  }
  return wanted;
}

async function emptyTrash(tidying: Tidying, wanted: ContentSet): Promise<void> {
  const { stores, report, startedAt, dryRun } = tidying;
  const { upkeep } = stores.blobs;
  for await (const contents of upkeep.trashed()) {
    for (const content of contents) {
      await tidying.pause();
      if (wanted.has(content)) {
        if (!dryRun) await upkeep.restore(content);
        report.pictures.restored++;
        continue;
      }
      const about = await upkeep.about(content, 'trash');
      if (!about || about.touchedAt > startedAt - IDLE_MS) continue;
      if (!dryRun) await upkeep.purge(content);
      report.pictures.deleted++;
      report.freedBytes += about.sizeBytes;
    }
  }
}

async function trashUnwanted(tidying: Tidying, wanted: ContentSet): Promise<void> {
  const { stores, report, startedAt, dryRun } = tidying;
  const { upkeep } = stores.blobs;
  const isIdle = async (name: string): Promise<number | undefined> => {
    await tidying.pause();
    const about = await upkeep.about(name, 'kept');
    return about && about.touchedAt <= startedAt - IDLE_MS ? about.sizeBytes : undefined;
  };
  for await (const { originals, strays } of upkeep.folders()) {
    for (const content of originals) {
      if (wanted.has(content) || (await isIdle(content)) === undefined) continue;
      if (!dryRun) report.freedBytes += await upkeep.trash(content);
      report.pictures.trashed++;
    }
    for (const name of strays) {
      const sizeBytes = await isIdle(name);
      if (sizeBytes === undefined) continue;
      if (!dryRun) await upkeep.removeStray(name);
      report.freedBytes += sizeBytes;
    }
    await tidying.pause();
  }
}
