import { readFile } from 'node:fs/promises';
import { openApiYaml } from '../../api/open-api-yaml.js';
import { writeFileAtomic } from '../../core/atomic-files.js';
import { type Register, runs } from '../runs.js';

/** `kindred openapi`: the API's description, from the table of routes. */
export const openapi: Register = (program) => {
  program
    .command('openapi')
    .description('Print the OpenAPI 3.1 description of the API.')
    .option('--write', 'write it to ./openapi.yaml')
    .option('--check', 'exit 1 where ./openapi.yaml says something else')
    .action(
      runs<{ write?: boolean; check?: boolean }>(async (_world, terminal, flags) => {
        const text = openApiYaml();
        if (flags.check) {
          const same = (await readFile('openapi.yaml', 'utf8').catch(() => '')) === text;
          terminal.say(same ? 'openapi.yaml is up to date.' : 'openapi.yaml is out of date: run `npm run openapi`.');
          return same ? 0 : 1;
        }
        if (flags.write) await writeFileAtomic('openapi.yaml', text);
        else terminal.print(text);
        return 0;
      }),
    );
};
