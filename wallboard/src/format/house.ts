/** What the page was told of the business when it was served: its time zone and its usual currency. */

const told = globalThis.document?.documentElement.dataset ?? {};

export const ZONE = told["zone"] || "Asia/Shanghai";
export const CURRENCY = told["currency"] || "CNY";
