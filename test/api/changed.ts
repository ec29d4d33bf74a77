/** The same object with some parts replaced; methods keep the object they belong to, private fields and all. */
export function changed<T extends object>(original: T, parts: Partial<T>): T {
  return new Proxy(original, {
    get(target, name) {
      if (Object.hasOwn(parts, name)) return Reflect.get(parts, name);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
