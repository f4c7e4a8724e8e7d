/** The address at which a build serves a file. */
declare module '*?url' {
  const address: string;
  export default address;
}
