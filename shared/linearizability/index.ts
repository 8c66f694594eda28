export { isLinearizable, type Model, type Operation } from "./is-linearizable.ts";
export { register, type RegisterInput, type RegisterOutput } from "./register.ts";
export { History } from "./history.ts";
