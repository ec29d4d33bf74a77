import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { cpus } from 'node:os';
import pc from 'picocolors';
import { folders, openStores } from '../../app/stores.js';
import { probeSqlite } from '../../catalogue/probe-sqlite.js';
import { chooseLayout } from '../../tensor/choose-layout.js';
import { createEngine } from '../../tensor/create-engine.js';
import { probeEngines } from '../../tensor/probe-engines.js';
import { type Register, runs } from '../runs.js';
import type { World } from '../world.js';

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  /** False where the project works without it. */
  readonly needed: boolean;
  readonly says: string;
}

async function writable(what: string, folder: string): Promise<Finding> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    const { bavail, bsize } = await statfs(folder);
    return { what, ok: true, needed: true, says: `${folder}, ${((bavail * bsize) / 1e9).toFixed(1)} GB free` };
  } catch (cause) {
    return { what, ok: false, needed: true, says: `${folder}: ${(cause as Error).message}` };
  }
}

async function catalogueFinding(world: World): Promise<Finding> {
  try {
    const stores = await openStores(world);
    const collections = await stores.catalogue.collections.list();
    const says = `${stores.catalogue.engine}, ${collections.length} ${collections.length === 1 ? 'collection' : 'collections'}`;
    await stores.close();
    return { what: 'catalogue', ok: true, needed: true, says };
  } catch (cause) {
    return { what: 'catalogue', ok: false, needed: true, says: (cause as Error).message };
  }
}

async function sqliteFinding({ config }: World): Promise<Finding> {
  const { works, why } = await probeSqlite();
  return { what: 'sqlite', ok: works, needed: config.DATABASE_URL === undefined, says: why };
}

/** How training lays out its maps here, and why. A plain layout is right everywhere, and slower. */
async function layoutFinding({ config }: World): Promise<Finding> {
  const what = 'layout';
  if (config.KINDRED_LAYOUT === 'plain')
    return { what, ok: true, needed: false, says: 'plain, as KINDRED_LAYOUT says' };
  const { layout, why } = await chooseLayout();
  return { what, ok: layout !== 'plain', needed: false, says: `${layout}: ${why}` };
}

/** Nothing where training runs on the processor; else whether the device is reached. */
async function deviceFindings({ config }: World): Promise<Finding[]> {
  const device = config.KINDRED_DEVICE;
  if (device === 'cpu') return [];
  const what = `device ${device}`;
  try {
    await createEngine('onnx', { device });
    return [{ what, ok: true, needed: true, says: 'it computed a sum' }];
  } catch (cause) {
    return [{ what, ok: false, needed: true, says: (cause as Error).message }];
  }
}

/** `kindred doctor`: what works on this machine, and what to do about what does not. */
export const doctor: Register = (program) => {
  program
    .command('doctor')
    .description('Check this machine: engines, folders, catalogue.')
    .option('--json', 'print findings as JSON')
    .addHelpText('after', '\nExample:\n  $ kindred doctor\n')
    .action(
      runs(async (world, terminal) => {
        const at = folders(world);
        const engines = await probeEngines();
        const findings: Finding[] = [
          { what: 'node', ok: true, needed: true, says: `${process.version} on ${process.platform} ${process.arch}` },
          {
            what: 'processor',
            ok: true,
            needed: true,
            says: `${world.cores} × ${cpus()[0]?.model.trim() ?? 'unknown'}`,
          },
          ...engines.map(({ name, works, why }) => ({
            what: `engine ${name}`,
            ok: works,
            needed: name === world.config.KINDRED_ENGINE,
            says: why ?? (works ? 'works' : 'does not work'),
          })),
          await layoutFinding(world),
          ...(await deviceFindings(world)),
          await writable('data folder', at.data),
          await writable('models folder', at.models),
          await sqliteFinding(world),
          await catalogueFinding(world),
        ];
        const broken = findings.some((finding) => finding.needed && !finding.ok);
        if (terminal.json) terminal.print(JSON.stringify({ ok: !broken, findings }));
        else {
          for (const { what, ok, needed, says } of findings) {
            const mark = ok ? pc.green('✔') : needed ? pc.red('✖') : pc.yellow('–');
            terminal.print(`${mark} ${what.padEnd(16)} ${says}`);
          }
        }
        return broken ? 1 : 0;
      }),
    );
};
