/** A written list of plug-ins by name; a name that stands twice is refused when the program starts. */
export function registry<T extends { readonly name: string }>(plugins: readonly T[]): ReadonlyMap<string, T> {
  const byName = new Map<string, T>();
  for (const plugin of plugins) {
    if (byName.has(plugin.name)) throw new Error(`two plug-ins are named ${plugin.name}`);
    byName.set(plugin.name, plugin);
  }
  return byName;
}
