import openapiTS, { astToString } from 'openapi-typescript';

/** What `src/client/schema.ts` must be: the types of an OpenAPI document. */
export async function printClientSchema(openApiYaml: string): Promise<string> {
  const printed = astToString(await openapiTS(openApiYaml, { defaultNonNullable: false }));
  return `// Printed from openapi.yaml; \`npx vitest run test/client -u\` prints it again.\n${printed}`;
}
