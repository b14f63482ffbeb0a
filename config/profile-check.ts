import { isOid, type Oid } from './model/oid.ts';

export type Path = readonly (string | number)[];

/** Where the parts of a file tell what is wrong with them; reading goes on, to find every fault. */
export interface Check {
  fault(path: Path, message: string): void;
  /** The object identifier that is meant, told when it is none; one that begins with a dot stands below the root. */
  oid(text: string, path: Path): Oid;
}

/** Turns what stands at a path into the object identifier that it means. */
export type Locate = (place: string | number, path: Path) => Oid;

/** The checks of a file whose object identifiers may stand below a root. */
export function checkBelow(root: string | undefined, fault: Check['fault']): Check {
  return {
    fault,
    oid(text, path) {
      const whole = text.startsWith('.') ? `${root ?? ''}${text}` : text;
      // The index of a row stands for one star.
      if (!isOid(whole.replace('.*.', '.0.')))
        fault(
          path,
          root === undefined && text.startsWith('.')
            ? `${text} needs a root`
            : `${text} is no object identifier`,
        );
      return whole;
    },
  };
}

/** Devices write their texts in whatever case they like. */
export function expression(source: string, path: Path, check: Check): RegExp | undefined {
  try {
    return new RegExp(source, 'iu');
  } catch {
    check.fault(path, `${source} is no regular expression`);
    return undefined;
  }
}
