import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from './cache-folder.js';

const run = promisify(execFile);

/**
 * The folder of an npm package of an exact version, fetched into the cache the first time; none of its scripts run and
 * nothing it depends on comes with it. Throws, with what to do, where the registry can't be reached.
 */
export async function npmPackage(
  name: string,
  version: string,
  say: (line: string) => void = () => {},
): Promise<string> {
  const folder = join(cacheFolder, 'npm', `${name.replace('/', '+')}@${version}`);
  if (
    await access(folder).then(
      () => true,
      () => false,
    )
  )
    return folder;
  say(`fetching ${name}@${version} from npm`);
  await mkdir(join(cacheFolder, 'npm'), { recursive: true });
  const draft = await mkdtemp(join(cacheFolder, 'npm', '.draft-'));
  try {
    await run('npm', ['pack', `${name}@${version}`, '--silent', '--pack-destination', draft], { cwd: draft });
    const archive = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
    await run('tar', ['-xzf', archive], { cwd: draft });
    await rename(join(draft, 'package'), folder);
  } catch (cause) {
    throw new Error(`${name}@${version} could not be fetched: check the network and \`npm config get registry\`.`, {
      cause,
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}
