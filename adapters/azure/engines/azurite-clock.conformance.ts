import process from "node:process";

// Loaded into Azurite before itself: its time is the machine's, moved by as many milliseconds as the parent says.
let movedMs = 0;
const now = Date.now;

globalThis.Date = new Proxy(Date, {
  construct: (target, args: unknown[]) =>
    Reflect.construct(target, args.length === 0 ? [now() + movedMs] : args),
  get: (target, key) => (key === "now" ? () => now() + movedMs : Reflect.get(target, key)),
});

process.on("message", (message) => {
  movedMs = Number(message);
  process.send?.("moved");
});
