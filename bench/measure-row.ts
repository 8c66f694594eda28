import { rows } from "./rows.ts";

// One row in a process of its own: started by run.ts, which waits for the message.
const [name = ""] = process.argv.slice(2);
const row = await rows[name]?.();
process.send?.(row, () => process.exit(0));
