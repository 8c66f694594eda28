export { flow, type FlowSpec } from "./flow.ts";
export { flowEvents } from "./flow-events.ts";
export {
  type GenkitAnswer,
  type GenkitChunk,
  genkitModel,
  type GenkitModel,
} from "./genkit-model.ts";
