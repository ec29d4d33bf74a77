// Runs a TypeScript program as CommonJS, without the second loader thread: `as-commonjs.cjs program.ts arguments…`.
require('tsx/cjs/api').register();
process.argv.splice(1, 1);
require(process.argv[1]);
