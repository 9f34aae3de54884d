/**
 * Begins with something that was started, and gives it to whoever asked. When that fails nobody would have it to end it:
 * then it is ended here.
 */
export async function begun<T extends AsyncDisposable>(
  started: T,
  begin: (started: T) => Promise<unknown>,
): Promise<T> {
  await using resources = new AsyncDisposableStack();
  resources.use(started);
  await begin(started);
  resources.move();
  return started;
}
