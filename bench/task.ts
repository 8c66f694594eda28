import * as z from "zod";

/** The work every contender does: read an order from path and body, price it, answer with JSON. */
export const Input = z.object({
  id: z.string().min(1).max(40),
  customer: z.string().min(1).max(80),
  quantity: z.int().positive(),
  unitPrice: z.number().nonnegative(),
});
export type Order = z.infer<typeof Input>;

/** What the handlers compute. */
export function priceOrder({ id, customer, quantity, unitPrice }: Order) {
  return { id, customer, total: quantity * unitPrice };
}

export const path = "/v1/orders/ord-4711/price";
/** The same route in the three notations of the contenders. */
export const colonRoute = "/v1/orders/:id/price";
export const bracesRoute = "/v1/orders/{id}/price";
export const azureRoute = "v1/orders/{id}/price";

export const body = JSON.stringify({ customer: "Grace Hopper", quantity: 13, unitPrice: 4.5 });

export const answer = JSON.stringify({ id: "ord-4711", customer: "Grace Hopper", total: 58.5 });

/** What a browser client and the provider's front end send along. */
export const headers = {
  accept: "application/json",
  "accept-encoding": "gzip, br",
  "accept-language": "en-GB,en;q=0.9",
  "content-length": String(Buffer.byteLength(body)),
  "content-type": "application/json",
  host: "orders.example.com",
  origin: "https://shop.example.com",
  "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)",
  "x-amzn-trace-id": "Root=1-69202f4b-1f2e3d4c5b6a798812345678",
  "x-forwarded-for": "203.0.113.7",
  "x-forwarded-port": "443",
  "x-forwarded-proto": "https",
};

export type Answered = { readonly status: number; readonly type: string; readonly body: string };

/** Throws unless a contender did exactly the work: status, media type and every byte of the body. */
export function checkAnswer(name: string, { status, type, body: text }: Answered): void {
  const mediaType = type.split(";")[0]?.trim();
  if (status === 200 && mediaType === "application/json" && text === answer) return;
  throw new Error(`${name} answered ${status} ${type} ${text}; expected 200 ${answer}`);
}
