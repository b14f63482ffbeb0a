const STEP_MS = 20;

/**
 * Tries an expectation until it holds; at the deadline its own failure is the test's. The deadline is not what is
 * tested: it lies beyond what a busy machine takes, and costs time only where something is wrong.
 */
export async function eventually<T>(expectation: () => T | Promise<T>, withinMs = 30_000): Promise<T> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    try {
      return await expectation();
    } catch (error) {
      if (performance.now() >= deadlineMs) throw error;
      await new Promise((next) => setTimeout(next, STEP_MS));
    }
  }
}
