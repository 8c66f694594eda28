import { stateConformance } from "./conformance.ts";
import { memoryState } from "./memory.ts";

stateConformance("memory", { open: async () => memoryState() });
