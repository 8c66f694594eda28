export {
  type Argument,
  type Block,
  blockOf,
  data,
  type Element,
  labelOf,
  renderTerraform,
  resource,
  type Root,
} from "./terraform.ts";
