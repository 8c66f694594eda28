/** What was given cannot be used; the message names the file, the row and the remedy. Ends the command with exit code 2. */
export class InputError extends Error {
  override readonly name = "InputError";
}
