/** What works on images. No start of a function loads it. */
export function loadImages() {
  return import("./images.ts");
}
