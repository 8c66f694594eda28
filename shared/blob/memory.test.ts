import { blobConformance } from "./conformance.ts";
import { memoryBlobs } from "./memory.ts";

blobConformance("memory", {
  open: async (clock) => memoryBlobs(clock),
  visit: async (driver, signed, body) => driver.visit(signed, body),
  except: {
    B07: "the memory driver makes a bucket of every name",
  },
});
