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
  const known = withFormsThatAreMeant(errors);
  const alternatives = known.filter(({ keyword }) => keyword === 'anyOf');
  const told = known.filter((error) => {
    // An unknown field is told twice: once itself, then among all of them if there are not too many errors.
    if (error.keyword === 'additionalProperties') return false;
    return !alternatives.some((rejected) => formOf(error, rejected) !== undefined);
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

/** Which form of a rejected alternative an error is of; `undefined` for none of them. */
function formOf(error: SchemaError, rejected: SchemaError): string | undefined {
  const forms = `${rejected.schemaPath}/anyOf/`;
  if (!error.schemaPath.startsWith(forms) || !error.instancePath.startsWith(rejected.instancePath))
    return undefined;
  return error.schemaPath.slice(forms.length).split('/', 1)[0];
}

/**
 * Where forms are told apart by a word (`mode: preview`), only what is wrong in the form that was meant, or the words that
 * would be right.
 */
function withFormsThatAreMeant(errors: readonly SchemaError[]): readonly SchemaError[] {
  let told = errors;
  for (const rejected of errors.filter(({ keyword }) => keyword === 'anyOf')) {
    const forms = Map.groupBy(told, (error) => formOf(error, rejected));
    const outside = forms.get(undefined) ?? [];
    forms.delete(undefined);
    const words = [...forms.values()].flatMap((own) => own.filter((error) => isWordOf(rejected, error)));
    const meant = [...forms.values()].filter((own) => own.every((error) => !isOtherForm(rejected, error)));
    const [word] = words;
    if (word === undefined || meant.length > 1) continue;
    const others = outside.filter((error) => error !== rejected);
    told = [...others, ...(meant[0] ?? [oneOf(word, words)])];
  }
  return told;
}

/** Whether an error says that the word by which a form is known is another. */
function isWordOf({ instancePath }: SchemaError, error: SchemaError): boolean {
  const field = error.instancePath.slice(instancePath.length);
  return error.keyword === 'const' && /^\/[^/]+$/.test(field);
}

/** Whether an error says that another form is meant: by its word, or as the value is no object at all. */
const isOtherForm = (rejected: SchemaError, error: SchemaError): boolean =>
  isWordOf(rejected, error) || (error.keyword === 'type' && error.instancePath === rejected.instancePath);

function oneOf(word: SchemaError, words: readonly SchemaError[]): SchemaError {
  const allowedValues = words.map(
    ({ params }) => (params as { readonly allowedValue?: unknown }).allowedValue,
  );
  return { ...word, keyword: 'enum', params: { allowedValues } };
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
