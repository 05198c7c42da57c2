/** A style sheet's text, minified by build.mjs. */
declare module '*.css' {
  const text: string;
  export default text;
}
