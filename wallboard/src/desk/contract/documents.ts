/** The services' OpenAPI documents, each loaded when a form of it is first asked for. */

import { Problem } from "../../live/problem";

export const SERVICES = ["customers", "orders", "performance", "coordination"] as const;
export type Service = (typeof SERVICES)[number];

/** The part of JSON Schema that the documents use. */
export interface Schema {
  $ref?: string;
  anyOf?: Schema[];
  type?: string;
  format?: string;
  enum?: string[];
  default?: unknown;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
}

interface Operation {
  parameters?: { name: string; in: string; schema: Schema }[];
  requestBody?: { content: { "application/json": { schema: Schema } } };
}

export type Method = "get" | "post" | "put";

export interface Document {
  paths: Record<string, Partial<Record<Method, Operation>>>;
  components: { schemas: Record<string, Schema> };
}

const files = import.meta.glob<Document>("../../../../docs/http/*.json", { import: "default" });
const loaded = new Map<Service, Promise<Document>>();

export function documentOf(service: Service): Promise<Document> {
  const known = loaded.get(service);
  if (known) return known;
  const loading = files[`../../../../docs/http/${service}.json`]!().catch((error: unknown) => {
    throw new Problem(0, "unreachable", String(error));
  });
  loaded.set(service, loading);
  loading.catch(() => loaded.delete(service));
  return loading;
}
