import type { Attributes, Json } from '../catalogue/catalogue.js';

/**
 * The value at a dotted path, own properties only: `constructor` is no attribute. A key that is spelt with its dots,
 * `{"a.b": 1}`, comes before the path into `{"a": {"b": 1}}`. Undefined where there is none.
 */
export function readPath(field: string): (attributes: Attributes) => Json | undefined {
  const steps = field.split('.');
  return (attributes) => {
    if (Object.hasOwn(attributes, field)) return attributes[field];
    let value: Json | undefined = attributes;
    for (const step of steps) {
      if (value === null || typeof value !== 'object' || Array.isArray(value) || !Object.hasOwn(value, step))
        return undefined;
      value = (value as Attributes)[step];
    }
    return value;
  };
}
