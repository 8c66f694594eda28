import {
  databasePath,
  writeForever,
} from "../../adapters/local/engine/durability-writer.conformance.ts";
import { openEngine } from "../../adapters/local/engine/engine.ts";
import { answerBeforeWrite } from "./early-engine.ts";

// A process that writes through an engine with the planted bug, for `--engine --plant answer-before-write`.
await writeForever(answerBeforeWrite(openEngine({ path: databasePath(), clock: Date })));
