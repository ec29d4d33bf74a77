import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Where figures go. With several processes, hand over one whose `text` gathers them all. */
export interface Metrics {
  /** One request that was answered (or broken off: status 0). */
  observe(operation: string, status: number, seconds: number): void;
  /** Called whenever the figures are asked for. */
  gauge(name: string, help: string, read: () => number): void;
  /** The text format of Prometheus. */
  text(): Promise<string>;
  readonly contentType: string;
  /** For gathering over processes (prom-client's AggregatorRegistry reads this shape). */
  readonly registry: Registry;
}

const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];

/** Metrics of this process: requests by operation and status, memory, event loop, garbage collection. */
export function createMetrics(options: { readonly ofProcess: boolean } = { ofProcess: true }): Metrics {
  const registry = new Registry();
  if (options.ofProcess) collectDefaultMetrics({ register: registry });
  const seconds = new Histogram({
    name: 'kindred_http_request_seconds',
    help: 'Time from the first byte of a request to the end of its answer.',
    labelNames: ['operation'] as const,
    buckets: BUCKETS_S,
    registers: [registry],
  });
  const requests = new Counter({
    name: 'kindred_http_requests_total',
    help: 'Requests by operation and status; status 0 was broken off by the client.',
    labelNames: ['operation', 'status'] as const,
    registers: [registry],
  });
  // Looking labels up hashes them each time; the pairs are few.
  const counters = new Map<string, Counter.Internal>();
  const timers = new Map<string, Histogram.Internal<'operation'>>();
  const counter = (operation: string, status: number): Counter.Internal => {
    const key = `${operation} ${status}`;
    const known = counters.get(key) ?? requests.labels(operation, String(status));
    counters.set(key, known);
    return known;
  };
  return {
    observe(operation, status, took) {
      counter(operation, status).inc();
      const timer = timers.get(operation) ?? seconds.labels(operation);
      timers.set(operation, timer);
      timer.observe(took);
    },
    gauge(name, help, read) {
      if (registry.getSingleMetric(name)) return;
      new Gauge({
        name,
        help,
        registers: [registry],
        collect() {
          this.set(read());
        },
      });
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
    registry,
  };
}
