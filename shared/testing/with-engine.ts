import { afterAll, expect, it } from "vitest";

/** An engine that tests run against. */
export type TestEngine = { stop(): Promise<void> };

/** This machine lacks what the engine needs; the message says what. */
export class EngineMissing extends Error {}

/**
 * Starts an engine, defines the tests that need it and stops it after them. Where it is missing, reports that as a test
 * of its own and on stderr; in CI a missing engine is a failure.
 */
export async function withEngine<E extends TestEngine>(
  name: string,
  start: () => Promise<E>,
  define: (engine: E) => void,
): Promise<void> {
  const engine = await start().catch((error: unknown) => {
    if (!(error instanceof EngineMissing) || process.env["CI"] === "true") throw error;
    return error;
  });
  if (engine instanceof EngineMissing) return report(name, engine.message);
  afterAll(() => engine.stop());
  define(engine);
}

function report(name: string, reason: string): void {
  process.stderr.write(`not run: ${name}: ${reason}\n`);
  it(`not run: ${name}: ${reason}`, () => {
    expect(reason).not.toBe("");
  });
}
