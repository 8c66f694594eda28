import { fileURLToPath } from "node:url";
import { defaultBooks } from "./default-books.ts";
import { InputError } from "./input-error.ts";
import { ItemsFile } from "./items-file.ts";
import { model } from "./model.ts";
import { HELP, type Options, readOptions } from "./options.ts";
import { readBooks } from "./prices.ts";
import { type Inputs, runSeed } from "./run-seed.ts";
import { summarise } from "./summary.ts";
import { renderSummary } from "./text.ts";
import { readTrace } from "./trace.ts";

const smallTrace = fileURLToPath(new URL("trace/", import.meta.url));

try {
  const options = readOptions(process.argv.slice(2));
  process.stdout.write(options.help ? HELP : report(options));
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  process.stderr.write(`bench:routing: ${error.message}\n`);
  process.exitCode = 2;
}

function report(options: Options): string {
  const { plan } = options;
  const inputs: Inputs = {
    trace: readTrace(options.trace ?? smallTrace),
    books: options.prices === undefined ? defaultBooks(plan) : readBooks(options.prices, plan),
    model: { ...model, cpuTimePerVcpu: { ...model.cpuTimePerVcpu, azure: options.azureSlowness } },
    options,
  };
  const items = options.items === undefined ? undefined : new ItemsFile(options.items);
  const seeds = options.seeds.map((seed, at) =>
    runSeed(inputs, seed, at === 0 && items !== undefined ? items.write.bind(items) : undefined),
  );
  items?.close();
  const summary = summarise(inputs, seeds);
  return options.json ? `${JSON.stringify(summary)}\n` : renderSummary(summary);
}
