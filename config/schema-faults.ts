import { Settings } from 'typebox/system';

/** Faults are told all at once; the library's own bound of eight would hide the rest. */
Settings.Set({ maxErrors: 200 });

/** One step from a value into it: the name of a field or the index of an element. */
export type Step = string | number;

/** An error as TypeBox tells it. */
export interface SchemaError {
  readonly keyword: string;
  readonly schemaPath: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

/** The library's errors in an operator's words: one for each field, those inside a rejected alternative folded into it. */
export function tellFaults(
  errors: readonly SchemaError[],
  root: unknown,
): readonly { path: readonly Step[]; message: string }[] {
  const alternatives = errors
    .filter(({ keyword }) => keyword === 'anyOf')
    .map(({ instancePath }) => instancePath);
  const told = errors.filter(({ keyword, schemaPath, instancePath }) => {
    // An unknown field is told twice: once itself, then among all of them if there are not too many errors.
    if (keyword === 'additionalProperties') return false;
    return !schemaPath.includes('/anyOf/') || !alternatives.some((path) => instancePath.startsWith(path));
  });
  return told.flatMap((error) => {
    const path = steps(error.instancePath, root);
    const params = error.params as Readonly<Record<string, unknown>>;
    switch (error.keyword) {
      case 'boolean':
        return [{ path, message: 'is not a field that is known here' }];
      case 'required':
        return [{ path, message: `lacks ${(params['requiredProperties'] as string[]).join(', ')}` }];
      case 'enum':
        return [{ path, message: `must be one of ${(params['allowedValues'] as string[]).join(', ')}` }];
      case 'pattern':
        return [{ path, message: `must match ${String(params['pattern'])}` }];
      case 'anyOf':
        return [{ path, message: 'has none of the forms that are possible here' }];
      default:
        return [{ path, message: error.message }];
    }
  });
}

function steps(pointer: string, root: unknown): readonly Step[] {
  let at = root;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(at) ? Number(key) : key;
      at = (at as Record<Step, unknown> | undefined)?.[step];
      return step;
    });
}

/** `devices[3].rack`. */
export function formatPath(path: readonly Step[]): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join('');
}
