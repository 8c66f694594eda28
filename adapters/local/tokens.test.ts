import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tokenConformance } from "../../shared/connections/tokens.conformance.ts";
import { openEngine } from "./engine/engine.ts";
import { systemClock } from "./system.ts";

tokenConformance("the embedded engine", async () => {
  const folder = mkdtempSync(join(tmpdir(), "auterity-"));
  const engine = openEngine({ path: join(folder, "auterity.db"), clock: systemClock });
  return {
    state: engine.state,
    async close() {
      await engine.close();
      rmSync(folder, { recursive: true });
    },
  };
});
