import { memoryState } from "#shared/state";
import { tokenConformance } from "./tokens.conformance.ts";

tokenConformance("memory", async () => ({ state: memoryState(), close: async () => undefined }));
