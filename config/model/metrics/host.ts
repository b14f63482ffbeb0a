import { gauge, type Metric } from './metric.ts';

/** Computers. */
export const HOST_METRICS = {
  host_cpu_load_ratio: gauge('ratio', 'Load of a processor over the last minute, 0 to 1.', 'cpu'),
  host_load: gauge('count', 'Mean length of the run queue.', 'period'),
  host_memory_size_bytes: gauge('bytes', 'Memory of the host.'),
  host_memory_used_bytes: gauge('bytes', 'Memory in use, without buffers and cache.'),
  host_memory_used_ratio: gauge('ratio', 'Share of the memory in use, 0 to 1.'),
  host_storage_size_bytes: gauge('bytes', 'Size of a file system.', 'storage'),
  host_storage_used_bytes: gauge('bytes', 'Space in use on a file system.', 'storage'),
  host_storage_used_ratio: gauge('ratio', 'Share of a file system in use, 0 to 1.', 'storage'),
  host_processes: gauge('count', 'Processes on the host.'),
  host_users: gauge('count', 'Users logged in on the host.'),
} satisfies Record<string, Metric>;
