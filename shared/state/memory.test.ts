import { stateConformance } from "./conformance.ts";
import { memoryState } from "./memory.ts";

stateConformance("memory", {
  open: async () => memoryState(),
  except: { S16: "there is nothing to be reached" },
});
