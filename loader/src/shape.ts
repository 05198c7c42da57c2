/**
 * Checks of values at run time, against shapes: one line of text for an object, generated from the
 * contract (`generated/shapes.ts`) or written by hand for what a page passes (`config.ts`).
 *
 * A shape is a list of fields: `number callerId? duration:number calls:CallSummary[] mode:=light|=dark?`.
 * A field is a string unless kinds follow the colon, with `|` between alternatives: a `typeof` name,
 * `list`, `null`, a generated shape, `[]` after the kind of a list's items, or a word after `=` that the
 * value must equal. A final `?` makes the field optional. Fields that a shape does not name may be there,
 * so that an older loader from npm understands a newer phone.
 *
 * A union is a list of three: the field of its tag, the field of its content, and the content's kind for
 * each tag.
 */
import { shapes } from './generated/shapes.js';

/** An object whose fields can be read. */
export type Fields = Record<string, unknown>;

/** Whether this is an object with fields, and neither `null` nor a list. */
export const isFields = (value: unknown): value is Fields => kindOf(value) === 'object';

/** The first field of the shape that the value lacks or has otherwise; `object` when it is none. */
export const misfit = (shape: string, value: unknown): string | undefined =>
  isFields(value)
    ? shape.split(' ').find((field) => {
        const [name, kinds = 'string'] = field.replace('?', '').split(':') as [string, string?];
        const given = value[name];
        return !(
          (given === undefined && field.endsWith('?')) ||
          kinds.split('|').some((kind) => isOfKind(kind, given))
        );
      })
    : 'object';

/** Whether the value has the generated shape. */
export const fits = (name: keyof typeof shapes, value: unknown): boolean => {
  const shape = shapes[name];
  if (typeof shape === 'string') return !misfit(shape, value);
  const [tag, content, cases] = shape;
  const word = isFields(value) && value[tag];
  const found = cases.split(' ').map((one) => one.split(':')).find(([one]) => one === word);
  return !!found && !misfit(`${content}:${found[1]}`, value);
};

const isOfKind = (kind: string, value: unknown): boolean =>
  kind.endsWith('[]')
    ? Array.isArray(value) && value.every((item) => isOfKind(kind.slice(0, -2), item))
    : kind in shapes
      ? fits(kind as keyof typeof shapes, value)
      : kind === kindOf(value) || kind === `=${typeof value === 'string' && value}`;

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value;
