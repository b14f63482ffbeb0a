import { RE2JS } from 're2js';
import { messageOf } from '../../../config/model/errors.ts';
import { METRIC_NAME, type Labels } from '../../../config/model/labels.ts';
import type { Call } from '../ast.ts';
import { evaluationFault } from '../faults.ts';
import { argument } from './argument.ts';
import type { Compiler } from './compiler.ts';
import { refuseDuplicates, remembered } from './labels.ts';
import type { Vector, VectorPlan } from './types.ts';

/** Takes the labels of each element to others; giving a name undoes that it was to be taken away. */
function relabelled(operand: VectorPlan, target: string, relabel: (labels: Labels) => Labels): VectorPlan {
  const derive = remembered(relabel);
  return (scope, atMs) => {
    const vector = operand(scope, atMs);
    const results: Vector = vector.map((element, index) => {
      const labels = derive(element.labels, index);
      const isNamed = target === METRIC_NAME && labels !== element.labels;
      return { labels, value: element.value, dropsName: element.dropsName && !isNamed };
    });
    refuseDuplicates(results);
    return results;
  };
}

/** A name may be any text but none, and none with bytes that are not UTF-8. */
function refuseBadName(name: string, call: string): void {
  if (name !== '' && !name.includes('\uFFFD')) return;
  throw evaluationFault(`invalid destination label name in ${call}(): ${name}`);
}

function withLabel(labels: Labels, name: string, value: string): Labels {
  const changed: Record<string, string> = { ...labels };
  if (value === '') delete changed[name];
  else changed[name] = value;
  return changed;
}

export function labelReplacePlan(call: Call, compiler: Compiler): VectorPlan {
  const operand = compiler.vector(argument(call, 0));
  const [target = '', replacement = '', source = '', pattern = ''] = call.args
    .slice(1)
    .map((arg) => compiler.string(arg));
  refuseBadName(target, 'label_replace');
  const expression = compiled(pattern);
  return relabelled(operand, target, (labels) => {
    const matcher = expression.matcher(labels[source] ?? '');
    if (!matcher.matches()) return labels;
    return withLabel(labels, target, expanded(replacement, groupsOf(expression, matcher)));
  });
}

type Matcher = ReturnType<RE2JS['matcher']>;

function compiled(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern, RE2JS.DOTALL);
  } catch (cause) {
    throw evaluationFault(`invalid regular expression in label_replace(): ${pattern}: ${messageOf(cause)}`);
  }
}

/** What the groups of a match hold, by number and by name. */
function groupsOf(expression: RE2JS, matcher: Matcher): (name: string) => string {
  const numbers = expression.namedGroups();
  return (name) => {
    const index = /^\d+$/.test(name) ? Number(name) : numbers[name];
    return index === undefined || index > matcher.groupCount() ? '' : (matcher.group(index) ?? '');
  };
}

/** Go's template of a replacement: `$1`, `${1}`, `$name`, `${name}`, `$$`. */
function expanded(template: string, group: (name: string) => string): string {
  return template.replace(
    /\$(?:(\$)|(\w+)|\{(\w+)\})/g,
    (_, dollar: string | undefined, bare: string | undefined, braced: string | undefined) =>
      dollar ?? group(bare ?? braced ?? ''),
  );
}

export function labelJoinPlan(call: Call, compiler: Compiler): VectorPlan {
  const operand = compiler.vector(argument(call, 0));
  const [target = '', separator = '', ...sources] = call.args.slice(1).map((arg) => compiler.string(arg));
  refuseBadName(target, 'label_join');
  return relabelled(operand, target, (labels) =>
    withLabel(labels, target, sources.map((source) => labels[source] ?? '').join(separator)),
  );
}
