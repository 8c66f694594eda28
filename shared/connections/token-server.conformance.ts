import { buffer } from "node:stream/consumers";
import { listen, type TestServer } from "#shared/testing";

/** A vendor's token endpoint and API on the wire: it rotates refresh tokens and refuses those that were replaced. */
export type TokenServer = TestServer & {
  /** Exchanges that were asked for, granted or not. */
  readonly asked: number;
  /** The refresh token that it takes now. */
  readonly current: string;
  /** Whether an access token is good at this moment. */
  takes(accessToken: string): boolean;
  /** Ends every token, as when a person takes the permission back. */
  revoke(): void;
  /** Waits so long before it answers. */
  delayMs: number;
};

/**
 * Starts one. `reuses` is how often it still takes the refresh token before the current one, as vendors with a grace
 * window do; after that a replaced token ends the whole family, as the security advice for OAuth 2 wants it
 * (https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2).
 */
export async function tokenServer(options: {
  readonly lifeSeconds: number;
  readonly reuses: number;
  readonly nowMs: () => number;
}): Promise<TokenServer> {
  const alive = new Map<string, number>();
  let number = 0;
  let reused = 0;
  let asked = 0;
  let ended = false;
  const issue = (): object => {
    number++;
    alive.set(`access-${number}`, options.nowMs() + options.lifeSeconds * 1000);
    return {
      access_token: `access-${number}`,
      refresh_token: `refresh-${number}`,
      expires_in: options.lifeSeconds,
    };
  };
  const answer = (refresh: string | null): readonly [number, object] => {
    const last = refresh === `refresh-${number - 1}` && reused < options.reuses;
    if (ended || (refresh !== `refresh-${number}` && !last)) {
      ended = true;
      return [400, { error: "invalid_grant", error_description: `${refresh} is no longer valid` }];
    }
    reused = last ? reused + 1 : 0;
    return [200, issue()];
  };
  const server = await listen((request, response) => {
    void buffer(request).then(async (body) => {
      asked++;
      const [status, json] = answer(new URLSearchParams(body.toString()).get("refresh_token"));
      if (self.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, self.delayMs));
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(json));
    });
  });
  issue();
  const self = {
    ...server,
    delayMs: 0,
    get asked() {
      return asked;
    },
    get current() {
      return `refresh-${number}`;
    },
    takes: (token: string) => !ended && (alive.get(token) ?? 0) > options.nowMs(),
    revoke() {
      ended = true;
    },
  };
  return self;
}
