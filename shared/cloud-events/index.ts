export { CloudEvent } from "./cloud-event.ts";
export { eventData, messageData } from "./event-data.ts";
export { googleEventData, googleEventSchema } from "./google.ts";
