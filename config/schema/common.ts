import { Type, type TProperties } from 'typebox';

/** An object that refuses unknown fields: a misspelt setting must not pass for a default. */
export const Closed = <P extends TProperties>(properties: P, description: string): Type.TObject<P> =>
  Type.Object(properties, { additionalProperties: false, description });

/** Names of devices, racks, rooms: short, safe in an address, in a label and in a file's name. */
export const Id = (description: string) => Type.String({ pattern: ID_PATTERN, description });

const ID_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$';
const ID = new RegExp(ID_PATTERN);

export function isId(text: unknown): text is string {
  return typeof text === 'string' && ID.test(text);
}

/** A text once for all languages, or in each. */
export const LocalText = (description: string) =>
  Type.Union(
    [
      Type.String({ minLength: 1 }),
      Type.Object(
        { 'zh-CN': Type.String({ minLength: 1 }), en: Type.String({ minLength: 1 }) },
        { additionalProperties: false },
      ),
    ],
    { description },
  );

/** `10s`, `5m`, `1h30m`: as Prometheus writes durations. */
export const DurationText = (description: string) =>
  Type.String({ pattern: '^([0-9]+(ms|s|m|h|d|w))+$', description });

/** A secret by environment variable, by file, or in clear where it is none. */
export const SecretText = (description: string) =>
  Type.Union(
    [
      Type.String({ minLength: 1 }),
      Type.Object({ env: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
      Type.Object({ file: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
    ],
    { description },
  );

/** Milliseconds since 1970 that a `Date` can hold (ECMA-262 21.4.1.1). */
export const Instant = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 });

export const Port = Type.Integer({ minimum: 1, maximum: 65_535 });

/** One of a closed list of words. */
export const OneOf = <const T extends string[]>(words: readonly [...T], description: string): Type.TEnum<T> =>
  Type.Enum(words, { description });
