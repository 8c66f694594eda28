export { CloudEvent } from "./cloud-event.ts";
export { googleEventData, googleEventSchema } from "./google.ts";
