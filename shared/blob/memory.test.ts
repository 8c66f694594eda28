import { blobConformance } from "./conformance.ts";
import { memoryBlobs } from "./memory.ts";

blobConformance("memory", {
  open: async (clock) => memoryBlobs(clock),
  visit: async (driver, signed, body) => driver.visit(signed, body),
  unreachable: async () => memoryBlobs(),
  except: {
    B33: "memory is always there",
    B07: "the memory driver makes a bucket of every name",
  },
});
