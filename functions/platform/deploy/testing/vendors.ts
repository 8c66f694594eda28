import { Fault } from "#shared/errors";
import * as z from "zod";

/** What took effect at a vendor, in order. */
export type Effect = { readonly action: string; readonly key: string; readonly input: unknown };

type Handler = (input: unknown) => unknown;
type Share = { revision: string | null; percent: number };

export const DIGEST = `sha256:${"d".repeat(64)}`;
const CREATED_AT = "2026-01-01T00:00:00Z";

const Reply = z.object({ text: z.string(), threadTs: z.string().optional() });
const Update = z.object({ ts: z.string(), text: z.string() });
const Alias = z.object({ to: z.string(), weight: z.number() });
const Slots = z.object({ traffic: z.array(z.object({ slot: z.string(), percent: z.number() })) });
const Named = z.object({ revision: z.string() });
const Split = z.object({ split: z.array(z.object({ revision: z.string(), percent: z.number() })) });
const Called = z.object({ slot: z.string().optional() });

/** GitHub, Docker Hub, Slack and the three clouds as far as a deployment sees them: each holds its own state. */
export class Vendors {
  readonly messages: { ts: string; text: string; threadTs?: string | undefined }[] = [];
  conclusion: string | null = null;
  runs = 0;
  trusted = true;
  /** Whether the new release is well: may change with what it is asked. */
  isHealthy: () => boolean = () => true;
  alias: { version: string; canary: { version: string; weight: number } | null } = {
    version: "1",
    canary: null,
  };
  slots = { production: "v1", staging: "v2" };
  slotTraffic: z.infer<typeof Slots>["traffic"] = [];
  revisions = ["app-old"];
  shares: Share[] = [{ revision: null, percent: 100 }];
  /** Every share that the new release had of the traffic, without repeats. */
  readonly percents: number[] = [];

  readonly #handlers: Readonly<Record<string, Handler>> = {
    "github-actions.dispatch-workflow": () => {
      this.runs += 1;
      return {
        runId: 70 + this.runs,
        url: `https://github.com/octo/shop/actions/runs/${this.runs}`,
      };
    },
    "github-actions.list-workflow-runs": () => ({
      runs: Array.from({ length: this.runs }, (_, at) => ({
        id: 71 + at,
        url: `https://github.com/octo/shop/actions/runs/${at + 1}`,
        createdAt: CREATED_AT,
      })).toReversed(),
    }),
    "github-actions.get-workflow-run": () => ({
      done: this.conclusion !== null,
      conclusion: this.conclusion,
    }),
    "docker-hub.verify-image": () => ({
      digest: DIGEST,
      trusted: this.trusted,
      reasons: this.trusted ? [] : ["unsigned"],
    }),
    ...this.#slack(),
    ...this.#lambda(),
    ...this.#azure(),
    ...this.#cloudRun(),
  };

  /** One action, at once. */
  call(action: string, input: unknown): unknown {
    const handler = this.#handlers[action];
    if (handler === undefined) throw new Fault("not_found", `simulation: no ${action}`);
    const answer = handler(input);
    const percent = this.#percent();
    if (percent !== (this.percents.at(-1) ?? 0)) this.percents.push(percent);
    return answer;
  }

  /** What share of the traffic the new release has, in whichever cloud it is. */
  #percent(): number {
    const { alias, slots, slotTraffic, shares } = this;
    const canary = Math.round((alias.canary?.weight ?? 0) * 100);
    const slot = slotTraffic[0]?.percent ?? 0;
    // What production has is the rest of what the slot gets.
    const azure = slots.production === "v2" ? 100 - slot : slot;
    const run = shares.find(({ revision }) => revision?.startsWith("app-r"))?.percent ?? 0;
    return Math.max(alias.version === "2" ? 100 : canary, azure, run);
  }

  #slack(): Record<string, Handler> {
    return {
      "slack.post-message": (input) => {
        const { text, threadTs } = Reply.parse(input);
        const ts = `${1_767_225_600 + this.messages.length}.000000`;
        this.messages.push({ ts, text, threadTs });
        return { ts };
      },
      "slack.update-message": (input) => {
        const { ts, text } = Update.parse(input);
        const message = this.messages.find((one) => one.ts === ts);
        if (message !== undefined) message.text = text;
        return { ts };
      },
      "slack.find-message": () => {
        const head = this.messages.find(({ threadTs }) => threadTs === undefined);
        return head === undefined ? {} : { ts: head.ts };
      },
      "slack.read-thread": () => ({ items: this.messages }),
    };
  }

  #lambda(): Record<string, Handler> {
    const hex = DIGEST.slice("sha256:".length);
    return {
      "aws-lambda.get-alias": () => this.alias,
      "aws-lambda.list-versions": () => ({
        items: ["$LATEST", "1", "2"].map((version) => ({
          version,
          codeSha256: version === "1" ? "0" : hex,
        })),
        next: null,
      }),
      "aws-lambda.shift-alias": (input) => {
        const { to, weight } = Alias.parse(input);
        const isWhole = weight === 1 || to === this.alias.version;
        this.alias = isWhole
          ? { version: to, canary: null }
          : { version: this.alias.version, canary: { version: to, weight } };
        return this.alias;
      },
      "aws-lambda.invoke-function": () => ({ error: this.isHealthy() ? null : "Unhandled" }),
    };
  }

  #azure(): Record<string, Handler> {
    return {
      "azure-functions.read-slot-traffic": () => ({ traffic: this.slotTraffic }),
      "azure-functions.shift-slot-traffic": (input) => {
        this.slotTraffic = Slots.parse(input).traffic;
        return { traffic: this.slotTraffic };
      },
      "azure-functions.swap-slots": () => {
        const { production, staging } = this.slots;
        this.slots = { production: staging, staging: production };
        return { done: true };
      },
      "azure-functions.invoke-function": (input) => {
        const { slot } = Called.parse(input);
        const release = slot === undefined ? this.slots.production : this.slots.staging;
        const isWell = release !== "v2" || this.isHealthy();
        return { status: isWell ? 200 : 500, text: JSON.stringify(isWell ? { release } : {}) };
      },
    };
  }

  #cloudRun(): Record<string, Handler> {
    return {
      "cloud-functions.get-service": () => ({
        ready: true,
        reconciling: false,
        problem: null,
        latestReadyRevision: this.revisions.at(-1) ?? null,
        latestCreatedRevision: this.revisions.at(-1) ?? null,
        traffic: this.shares,
      }),
      "cloud-functions.update-service": (input) => {
        this.revisions.push(Named.parse(input).revision);
        this.shares = [
          { revision: "app-old", percent: 100 },
          { revision: null, percent: 0 },
        ];
        return { state: "running" };
      },
      "cloud-functions.split-traffic": (input) => {
        this.shares = Split.parse(input).split;
        return { changed: true };
      },
      "cloud-functions.invoke-service": () => ({ status: this.isHealthy() ? 200 : 503 }),
    };
  }
}
