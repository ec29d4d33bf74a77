import { execFile } from 'node:child_process';
import { access, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
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
  const folder = join(cacheFolder, 'debian');
  const path = join(folder, file);
  if (await exists(path)) return path;
  if (await exists(join('/', file))) return join('/', file);
  await mkdir(folder, { recursive: true });
  try {
    say(`fetching the Debian package ${name}`);
    await run('apt-get', ['download', name], { cwd: folder });
    const archive = (await readdir(folder)).find((each) => each.startsWith(`${name}_`) && each.endsWith('.deb'));
    await run('dpkg', ['-x', archive ?? '', folder], { cwd: folder });
  } catch (cause) {
    const by = `https://packages.debian.org/${name}`;
    const how = `Get ${name} from ${by} and unpack it (\`dpkg -x\`, or \`ar x\` and \`tar -xf data.tar.*\`) so that ${path} exists.`;
    throw new Error(`${name} could not be fetched with apt-get (\`apt-get update\` first may help). ${how}`, { cause });
  }
  if (!(await exists(path))) throw new Error(`The Debian package ${name} does not hold ${file}.`);
  return path;
}
