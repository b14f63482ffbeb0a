import type { AlertInstance } from '../config/model/alert.ts';

/**
 * Smoke, fire, gas release and water at power, by the annotation `danger: life` of their rules: never inhibited, folded,
 * digested or delayed.
 */
export function isDangerToLife({ annotations }: Pick<AlertInstance, 'annotations'>): boolean {
  return annotations['danger'] === 'life';
}
