/**
 * Shapes of objects, as one line of text each, checked at run time and known to the type checker.
 *
 * A shape is a list of fields: `number callerId? duration:number mode:=light|=dark? calls:list`. A field
 * is a string unless a kind follows the colon: a `typeof` name, `list`, `null`, or a word after `=` that
 * it must equal; `|` separates alternatives; a final `?` makes the field optional. Other fields may be
 * there, so that an older loader from npm understands a newer phone.
 */

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
        const kind = kindOf(given);
        return !(
          (given === undefined && field.endsWith('?')) ||
          kinds.split('|').some((one) => one === kind || (kind === 'string' && one === `=${given}`))
        );
      })
    : 'object';

/** Whether the value has the shape. */
export const fits = (shape: string, value: unknown): boolean => !misfit(shape, value);

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value;

/** The type that a shape describes; words and lists only roughly. */
export type Shaped<S extends string> = S extends `${infer Field} ${infer Rest}`
  ? Shaped<Field> & Shaped<Rest>
  : S extends `${infer Field}?`
    ? Partial<Shaped<Field>>
    : S extends `${infer Name}:${infer Kinds}`
      ? { [K in Name]: Kind<Kinds> }
      : { [K in S]: string };

type Kind<Kinds extends string> = Kinds extends `${infer One}|${infer Rest}`
  ? Kind<One> | Kind<Rest>
  : Kinds extends keyof NamedKinds
    ? NamedKinds[Kinds]
    : string;

interface NamedKinds {
  string: string;
  number: number;
  boolean: boolean;
  null: null;
  object: object;
  list: object;
  function: object;
}

/** A type as roughly as a shape can tell it. */
export type Rough<T> = {
  [K in keyof T]: T[K] extends string | undefined ? string : T[K] extends object ? object : T[K];
};
