import { openEngine } from "./engine.ts";
import { databasePath, writeForever } from "./durability-writer.conformance.ts";

// A process that writes through the engine until it is killed.
await writeForever(openEngine({ path: databasePath(), clock: Date }));
