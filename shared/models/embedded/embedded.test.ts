import { modelsConformance } from "../conformance.ts";
import { embeddedModels } from "./embedded.ts";

const noVendor = "nothing stands behind the embedded method that could fail";

modelsConformance("embedded", {
  open: async () => embeddedModels(),
  unreachable: async () => embeddedModels(),
  unknown: async () => embeddedModels(),
  vendor: undefined,
  except: Object.fromEntries(
    ["M15", "M16", "M17", "M18", "M19", "M20", "M21", "M22", "M23", "M24", "M25"].map((id) => [
      id,
      noVendor,
    ]),
  ),
});
