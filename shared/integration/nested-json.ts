import { parseJson } from "#shared/function";
import { readField } from "#shared/webhooks";
import type { VendorWebhooks } from "./define-integration.ts";

/** Within an event, which itself may nest up to 60 deep. */
const MAX_DEPTH = 58;

/**
 * An event with the JSON that stands as text in its `nested` members as what it says. Text that is no JSON object or list
 * stays as it is: who forwards others' messages does not know what they are.
 */
export function openNested(
  { nested = [] }: Pick<VendorWebhooks, "nested">,
  event: unknown,
): unknown {
  if (typeof event !== "object" || event === null || Array.isArray(event)) return event;
  const opened = nested.flatMap((name) => {
    const text = readField(event, name);
    const value = typeof text === "string" ? tolerantJson(text) : undefined;
    return typeof value === "object" && value !== null ? [[name, value] as const] : [];
  });
  return opened.length === 0 ? event : { ...event, ...Object.fromEntries(opened) };
}

function tolerantJson(text: string): unknown {
  try {
    return parseJson(text, { name: "webhook.nested", maxDepth: MAX_DEPTH });
  } catch {
    return undefined;
  }
}
