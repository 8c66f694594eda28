import { openEngine } from "../../adapters/local/engine/engine.ts";
import { main } from "../start.ts";
import { answerBeforeWrite } from "./early-engine.ts";

// `npm start` with the planted bug, for `npm run test:crash -- --plant answer-before-write`.
await main((path) => answerBeforeWrite(openEngine({ path, clock: Date })));
