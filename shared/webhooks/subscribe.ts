import type { HandshakeAnswer } from "./handshake.ts";
import type { Trust } from "./request.ts";
import { snsUrl } from "./verify/sns.ts";

/**
 * Visits the address by which a topic is subscribed to, if it is one of SNS itself
 * (https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.confirm.html). Throws what fetching throws.
 */
export async function confirmSubscription(
  address: string | undefined,
  { documents }: Trust,
): Promise<HandshakeAnswer | undefined> {
  const url = snsUrl(address);
  if (url === undefined) return undefined;
  await documents.load(url.href);
  return { status: 200, body: undefined, headers: {} };
}
