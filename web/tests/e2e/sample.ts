// Data for pages: small ones that can be read, and a large one.
import type { Finding, Payload, Severity, Span, StatEntry, Trace } from '../../src/payload';

export function finding(part: Partial<Finding> = {}): Finding {
  return {
    type: 'n_plus_one_sql', severity: 'warning', trace_id: 'trace-1', service: 'order-svc', source_endpoint: 'POST /api/orders/{id}/submit',
    pattern: { template: 'SELECT * FROM order_item WHERE order_id = ?', occurrences: 6, window_ms: 50, distinct_params: 6, span_duration_us_p50: 800, span_duration_us_p99: 1200, span_duration_cv_x1000: 180 },
    suggestion: 'Load the rows with one `IN` query instead of one query each.',
    first_timestamp: '2026-07-10T14:32:01.000Z', last_timestamp: '2026-07-10T14:32:01.050Z',
    green_impact: { estimated_extra_io_ops: 5, io_intensity_score: 6, io_intensity_band: 'high' }, confidence: 'ci_batch',
    signature: `${part.type ?? 'n_plus_one_sql'}:${part.service ?? 'order-svc'}:${part.trace_id ?? 'trace-1'}:0123456789abcdef`, ...part,
  };
}

const at = (ms: number) => new Date(Date.UTC(2026, 6, 10, 14, 32, 1, 0) + ms).toISOString();

export function span(id: string, start: number, us: number, part: Partial<Span> = {}): Span {
  return { span_id: id, timestamp: at(start), service: 'order-svc', endpoint: 'POST /api/orders/{id}/submit', event_type: 'sql', operation: 'SELECT', template: 'SELECT * FROM order_item WHERE order_id = ?', duration_us: us, ...part };
}

function orderTrace(): Trace {
  const root = span('root', 0, 480_000, { event_type: 'http_out', operation: 'POST', template: 'POST order-svc/api/orders/{id}/submit', status_code: 200 });
  const items = Array.from({ length: 12 }, (_, i) => span(`i${i}`, 10 + i * 12, 9000 + i * 300, { parent_span_id: 'root' }));
  return { trace_id: 'trace-1', spans: [root, span('head', 2, 5200, { parent_span_id: 'root', template: 'SELECT * FROM orders WHERE id = ?' }), ...items,
    span('stock', 170, 140_000, { parent_span_id: 'root', event_type: 'http_out', operation: 'GET', template: 'GET stock-svc/api/stock/{id}', status_code: 503 }),
    ...Array.from({ length: 4 }, (_, i) => span(`s${i}`, 180 + i * 30, 26_000, { parent_span_id: 'stock', service: 'stock-svc', template: 'SELECT level FROM stock WHERE sku = ? AND warehouse = ?' })),
    span('mail', 330, 12_000, { parent_span_id: 'root', event_type: 'messaging', operation: 'publish', template: 'kafka order.submitted' }),
    span('pay', 345, 120_000, { parent_span_id: 'root', event_type: 'http_out', operation: 'POST', template: 'POST payment-svc/api/payments', status_code: 201 })] };
}

const grouping = (value: string) => [{ key: 'k8s.namespace.name', value }];

function statEntry(i: number): StatEntry {
  return { query: '', normalized_template: i === 0 ? 'SELECT * FROM order_item WHERE order_id = $1' : `SELECT a${i}, b FROM table_${i} WHERE id = ?`, calls: 90_000 - i * 7001, total_exec_time_ms: 8123.4 - i * 612.25, mean_exec_time_ms: 0.0902 + i * 0.31,
    seen_in_traces: false, rows: 1000 * i, shared_blks_hit: 5000 + i, shared_blks_read: 10 * i, schema_name: i % 3 === 0 ? null : 'shop', rows_sent: 100 * i, rows_examined: 400_000 - i * 11 };
}

const entries = Array.from({ length: 10 }, (_, i) => statEntry(i));
entries[1]!.normalized_template = 'SELECT * FROM order_item WHERE order_id = ?';
const by = (of: (e: StatEntry) => number) => [...entries].sort((a, b) => of(b) - of(a));

export function sample(): Payload {
  const findings: Finding[] = [
    finding({ severity: 'critical', pattern: { ...finding().pattern, occurrences: 12, distinct_params: 12, window_ms: 132 }, grouping: grouping('prod'), last_timestamp: at(142),
      green_impact: { estimated_extra_io_ops: 11, io_intensity_score: 18, io_intensity_band: 'critical' }, code_location: { namespace: 'shop.order', function: 'loadItems', filepath: 'src/main/java/shop/order/OrderItems.java', lineno: 84 },
      suggested_fix: { pattern: 'n_plus_one_sql', framework: 'java_jpa', recommendation: 'Fetch the items with the order: `@EntityGraph(attributePaths = "items")` or `JOIN FETCH`.', reference_url: 'https://docs.jboss.org/hibernate/orm/current/userguide/' },
      impact: { trace_us: 480_000, critical_path_us: 132_000, avoidable_io_ops: 11, energy_kwh: 1.1e-6 }, what_if: { fix: 'batch', trace_us: 360_000 } }),
    finding({ type: 'redundant_sql', service: 'stock-svc', source_endpoint: 'GET /api/stock/{id}', grouping: grouping('prod'), pattern: { template: 'SELECT level FROM stock WHERE sku = ? AND warehouse = ?', occurrences: 4, window_ms: 90, distinct_params: 1 }, first_timestamp: at(180), last_timestamp: at(270),
      green_impact: { estimated_extra_io_ops: 3, io_intensity_score: 4, io_intensity_band: 'moderate' }, impact: { trace_us: 480_000, critical_path_us: 78_000, avoidable_io_ops: 3 }, what_if: { fix: 'cache', trace_us: 402_000 }, severity: 'info' }),
    finding({ type: 'slow_http', service: 'order-svc', trace_id: 'trace-2', grouping: grouping('staging'), pattern: { template: 'POST payment-svc/api/payments', occurrences: 3, window_ms: 4000, distinct_params: 3, span_duration_us_p50: 820_000, span_duration_us_p99: 2_400_000, span_duration_cv_x1000: 612 }, first_timestamp: at(2000), last_timestamp: at(6000),
      green_impact: { estimated_extra_io_ops: 0, io_intensity_score: 6, io_intensity_band: 'high' } }),
    finding({ type: 'chatty_service', service: 'gateway', trace_id: 'trace-3', source_endpoint: 'GET /dashboard', grouping: grouping('prod'), pattern: { template: 'GET /dashboard', occurrences: 24, window_ms: 310, distinct_params: 6 }, first_timestamp: at(9000), last_timestamp: at(9310),
      green_impact: { estimated_extra_io_ops: 0, io_intensity_score: 24, io_intensity_band: 'critical' } }),
    finding({ type: 'serialized_calls', severity: 'info', service: 'gateway', trace_id: 'trace-3', source_endpoint: 'GET /dashboard', grouping: grouping('prod'), pattern: { template: 'GET /dashboard', occurrences: 3, window_ms: 215, distinct_params: 3 }, first_timestamp: at(9000), last_timestamp: at(9215) }),
    finding({ type: 'n_plus_one_http', service: 'catalog-svc', trace_id: 'trace-4', source_endpoint: 'GET /api/catalog', grouping: grouping('staging'), pattern: { template: 'GET price-svc/api/prices/{id}', occurrences: 9, window_ms: 240, distinct_params: 9 }, first_timestamp: at(20_000), last_timestamp: at(20_240),
      green_impact: { estimated_extra_io_ops: 8, io_intensity_score: 9, io_intensity_band: 'high' }, classification_method: 'sanitizer_heuristic' }),
  ];
  return {
    version: '0.1.0', input_label: 'traces-main.json',
    report: {
      analysis: { duration_ms: 4, events_processed: 118, traces_analyzed: 9, ingest: { spans_received: 140, spans_filtered: 20, filtered_not_io: 14, filtered_missing_db_statement: 6, filtered_missing_http_url: 0, filtered_non_sql_datastore: 0, filtered_merged_db_span: 2 } },
      findings,
      green_summary: {
        total_io_ops: 118, avoidable_io_ops: 22, total_sql_io_ops: 80, avoidable_sql_io_ops: 14, io_waste_ratio: 0.186, io_waste_ratio_band: 'moderate',
        top_offenders: [{ endpoint: 'GET /dashboard', service: 'gateway', io_intensity_score: 24, io_intensity_band: 'critical' }],
        co2: { total: { low: 0.0061, mid: 0.0122, high: 0.0244, model: 'io_proxy_v2', methodology: 'sci_v1_numerator' }, avoidable: { low: 0.0003, mid: 0.0006, high: 0.0012, model: 'io_proxy_v2', methodology: 'sci_v1_operational_ratio' }, operational_gco2: 0.0032, embodied_gco2: 0.009, sci_per_trace: { low: 0.0007, mid: 0.0014, high: 0.0027, model: 'io_proxy_v2', methodology: 'sci_v1_intensity' }, functional_unit: 'trace' },
        regions: [
          { status: 'known', region: 'us-east-1', grid_intensity_gco2_kwh: 379.4, pue: 1.15, io_ops: 60, co2_gco2: 0.0021, intensity_source: 'hourly' },
          { status: 'known', region: 'eu-central-1', grid_intensity_gco2_kwh: 338, pue: 1.15, io_ops: 41, co2_gco2: 0.00094, intensity_source: 'real_time', intensity_estimated: true, intensity_estimation_method: 'x' },
          { status: 'known', region: 'eu-west-3', grid_intensity_gco2_kwh: 31.4, pue: 1.15, io_ops: 17, co2_gco2: 0.00016, intensity_source: 'annual', intensity_estimated: false },
        ],
        scoring_config: { api_version: 'v4', emission_factor_type: 'lifecycle', temporal_granularity: '15_minutes', electricity_maps: true },
        energy_kwh: 1.18e-5, energy_model: 'io_proxy_v2',
        per_service_energy_kwh: { 'order-svc': 6.1e-6, 'stock-svc': 2.2e-6, gateway: 2.4e-6, 'catalog-svc': 1.1e-6 },
        per_service_carbon_kgco2eq: { 'order-svc': 1.9e-6, 'stock-svc': 0.5e-6, gateway: 0.6e-6, 'catalog-svc': 0.2e-6 },
        database_waste: { energy_kwh: 0.004, waste_kwh: 0.0007, waste_gco2: 0.21, region: 'eu-central-1', sql_waste_ratio: 0.175, model: 'estimated' },
      },
      quality_gate: { passed: false, rules: [
        { rule: 'n_plus_one_sql_critical_max', threshold: 0, actual: 1, passed: false }, { rule: 'n_plus_one_http_warning_max', threshold: 3, actual: 1, passed: true },
        { rule: 'n_plus_one_messaging_warning_max', threshold: 3, actual: 0, passed: true }, { rule: 'io_waste_ratio_max', threshold: 0.3, actual: 0.186, passed: true }] },
      correlations: [{ source: { finding_type: 'n_plus_one_sql', service: 'order-svc', template: 'SELECT * FROM order_item WHERE order_id = ?', grouping_key: 'k8s.namespace.name', grouping_value: 'prod' }, target: { finding_type: 'pool_saturation', service: 'payment-svc', template: 'payment-svc' }, co_occurrence_count: 5, source_total_occurrences: 7, confidence: 0.714, median_lag_ms: 2002, first_seen: at(0), last_seen: at(60_000), sample_trace_id: 'trace-9' }],
      warning_details: [{ kind: 'tuning', message: 'raise `[daemon] max_active_traces`: traces were analysed early' }],
      binary_version: '0.1.0',
      detection_config: { n_plus_one_threshold: 5, window_ms: 500, slow_threshold_ms: 500, slow_min_occurrences: 3, max_fanout: 20, chatty_service_min_calls: 15, pool_saturation_concurrent_threshold: 10, serialized_min_sequential: 3, sanitizer_aware_classification: 'auto' },
    },
    embedded_traces: [orderTrace()],
    culprit_spans: {
      [`trace-1|${findings[0]!.signature}|${findings[0]!.first_timestamp}|${findings[0]!.last_timestamp}|18:k8s.namespace.name|4:prod`]: Array.from({ length: 12 }, (_, i) => `i${i}`),
    },
    trimmed_traces: { kept: 1, total: 4 },
    pg_stat: { total_entries: 10, top_n: 10, rankings: [
      { label: 'top by total_exec_time', entries: by((e) => e.total_exec_time_ms) }, { label: 'top by calls', entries: by((e) => e.calls) },
      { label: 'top by mean_exec_time', entries: by((e) => e.mean_exec_time_ms) }, { label: 'top by shared_blks_total', entries: by((e) => e.shared_blks_hit! + e.shared_blks_read!) }] },
    mysql_stat: { total_entries: 10, top_n: 10, rankings: [
      { label: 'top by total_exec_time', entries: by((e) => e.total_exec_time_ms) }, { label: 'top by calls', entries: by((e) => e.calls) }] },
    diff: {
      new_findings: [findings[0]!, findings[5]!], resolved_findings: [finding({ type: 'slow_sql', service: 'report-svc', source_endpoint: 'GET /api/report', severity: 'warning' })],
      severity_changes: [{ finding: findings[2]!, before_severity: 'info', after_severity: 'warning' }],
      endpoint_metric_deltas: [{ service: 'order-svc', endpoint: 'POST /api/orders/{id}/submit', before_io_ops: 14, after_io_ops: 26, delta: 12 }, { service: 'report-svc', endpoint: 'GET /api/report', before_io_ops: 40, after_io_ops: 32, delta: -8 }],
    },
  };
}

/** A page with `n` findings over twenty minutes, each of the first few with a trace. */
export function large(n: number): Payload {
  const severities: Severity[] = ['critical', 'warning', 'info'];
  const types = ['n_plus_one_sql', 'redundant_sql', 'slow_sql', 'n_plus_one_http'];
  const data = sample();
  data.report.findings = Array.from({ length: n }, (_, i) => finding({
    severity: severities[i % 3]!, type: types[i % 4]!, trace_id: `t${i}`, service: `svc-${i % 40}`, source_endpoint: `GET /api/resource-${i % 200}/{id}`,
    pattern: { ...finding().pattern, template: `SELECT * FROM table_${i % 500} WHERE id = ? AND tenant = ?`, occurrences: 5 + (i % 30) },
    first_timestamp: at(i * 120), last_timestamp: at(i * 120 + 50), green_impact: { estimated_extra_io_ops: i % 30, io_intensity_score: 5, io_intensity_band: 'high' },
  }));
  data.embedded_traces = [{ trace_id: 't0', spans: Array.from({ length: 1500 }, (_, i) => span(`x${i}`, i, 900, { template: `SELECT ${i % 7} FROM t WHERE id = ?` })) }];
  return data;
}

export function hostile(): Payload {
  const nasty = '</script><script>window.hacked=1</script><!--<script> \u2028\u2029 \u0007\u001b[31m <img src=x onerror="window.hacked=1"> javascript:alert(1)';
  const data = sample();
  const f = data.report.findings[0]!;
  Object.assign(f, { service: nasty, source_endpoint: nasty, suggestion: `${nasty} \`code\``, suggested_fix: { pattern: 'x', framework: nasty, recommendation: nasty, reference_url: 'javascript:window.hacked=1' } });
  f.pattern.template = nasty;
  data.input_label = nasty;
  data.report.warning_details = [{ kind: 'tuning', message: nasty }];
  return data;
}
