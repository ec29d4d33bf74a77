import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from './cache-folder.js';

const run = promisify(execFile);
const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * Where the files of Debian packages lie unpacked: `debianPackage('dataset-x', 'usr/share/x')` fetches and unpacks the
 * package the first time, without what it depends on, and gives the path of `file`. Throws, with what to do, where
 * there is no apt.
 */
export async function debianPackage(
  name: string,
  file: string,
  say: (line: string) => void = () => {},
): Promise<string> {
  const folder = join(cacheFolder, 'debian', name);
  const path = join(folder, file);
  if (await exists(path)) return path;
  if (await exists(join('/', file))) return join('/', file);
  // Made beside its place and moved there whole: nobody sees half of it, and two may fetch at once.
  await mkdir(dirname(folder), { recursive: true });
  const draft = await mkdtemp(`${folder}-`);
  try {
    say(`fetching the Debian package ${name}`);
    await run('apt-get', ['download', name], { cwd: draft });
    const [archive = ''] = (await readdir(draft)).filter((each) => each.endsWith('.deb'));
    await run('dpkg', ['-x', archive, draft], { cwd: draft });
    await rm(join(draft, archive));
    await rename(draft, folder).catch(() => {});
  } catch (cause) {
    const by = `https://packages.debian.org/${name}`;
    const how = `Get ${name} from ${by} and unpack it (\`dpkg -x\`, or \`ar x\` and \`tar -xf data.tar.*\`) so that ${path} exists.`;
    throw new Error(`${name} could not be fetched with apt-get (\`apt-get update\` first may help). ${how}`, { cause });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  if (!(await exists(path))) throw new Error(`The Debian package ${name} does not hold ${file}.`);
  return path;
}
