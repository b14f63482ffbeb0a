import type { FastifyRequest } from 'fastify';

/** Does what a request asks for, and ends it when whoever asked has gone. */
export async function whileThere<T>(
  { raw: { socket } }: FastifyRequest,
  work: (gone: AbortSignal) => Promise<T>,
): Promise<T> {
  const leaving = new AbortController();
  const onClose = (): void => leaving.abort();
  socket.once('close', onClose);
  // Who left while it was looked up who asks has closed it by now.
  if (socket.destroyed) leaving.abort();
  try {
    return await work(leaving.signal);
  } finally {
    socket.off('close', onClose);
  }
}
