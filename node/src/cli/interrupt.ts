/**
 * Runs something long that Ctrl-C is to end in order: what was opened is closed, then the process ends by the signal, as it
 * would have without this. A second Ctrl-C ends it at once.
 *
 * @param act is to end when the signal is aborted; whatever it throws then is the interruption
 */
export async function interruptible<T>(act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.once('SIGINT', interrupt);
  try {
    return await act(interruption.signal);
  } finally {
    process.off('SIGINT', interrupt);
    if (interruption.signal.aborted) process.kill(process.pid, 'SIGINT');
  }
}
