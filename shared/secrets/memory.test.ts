import { secretsConformance } from "./conformance.ts";
import { memorySecrets } from "./memory.ts";

secretsConformance("memory", { open: async (secrets) => memorySecrets(secrets) });
