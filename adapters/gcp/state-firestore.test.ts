import { stateConformance } from "../../shared/state/conformance.ts";
import { withEngine } from "../aws/engines/engine.conformance.ts";
import { firestoreState } from "./drivers/state-firestore.ts";
import { startFirestoreEmulator } from "./engines/firestore.conformance.ts";

await withEngine("firestore", startFirestoreEmulator, ({ options }) => {
  stateConformance("firestore", { open: async () => firestoreState(options) });
});
