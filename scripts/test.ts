import { startVitest } from "vitest/node";

/** `npm test -- <filter>`: runs the tests once and ends with one line that a machine can read. */
const vitest = await startVitest("test", process.argv.slice(2), { watch: false });
const tests = vitest.state
  .getTestModules()
  .flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
const brokenFiles = vitest.state
  .getTestModules()
  .filter((module) => module.errors().length > 0).length;
const passed = tests.filter((state) => state === "passed").length;
const failed = tests.length - passed + brokenFiles;
const unhandled = vitest.state.getUnhandledErrors().length;
await vitest.close();
process.stdout.write(`\n${passed} passed, ${failed + unhandled} failed\n`);
process.exitCode = failed + unhandled === 0 && passed > 0 ? 0 : 1;
