import type { Static, TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';

/** What is checked at the start, or when somebody looks at one thing, is hardly ever checked again: it may be let go. */
const validators = new WeakMap<TSchema, WeakRef<Validator>>();

/** A schema is compiled when it is asked for, and once while it is asked for again and again. */
export function validatorOf(schema: TSchema): Validator {
  const known = validators.get(schema)?.deref();
  if (known !== undefined) return known;
  const made = Compile(schema);
  validators.set(schema, new WeakRef(made));
  return made;
}

export function isOf<S extends TSchema>(schema: S, value: unknown): value is Static<S> {
  return validatorOf(schema).Check(value);
}
