// The data a page is opened with, as the program writes it (src/report/dashboard_data.cpp). Optional members may be missing.

export type Severity = 'critical' | 'warning' | 'info';

export interface Pair { key: string; value: string }

export interface Finding {
  type: string;
  severity: Severity;
  trace_id: string;
  service: string;
  grouping?: Pair[];
  source_endpoint: string;
  pattern: {
    template: string;
    occurrences: number;
    window_ms: number;
    distinct_params: number;
    span_duration_us_p50?: number;
    span_duration_us_p99?: number;
    span_duration_cv_x1000?: number;
  };
  suggestion: string;
  first_timestamp: string;
  last_timestamp: string;
  green_impact?: { estimated_extra_io_ops: number; io_intensity_score: number; io_intensity_band: string };
  confidence: string;
  classification_method?: string;
  code_location?: { function?: string; filepath?: string; lineno?: number; namespace?: string };
  instrumentation_scopes?: string[];
  suggested_fix?: { pattern: string; framework: string; recommendation: string; reference_url?: string };
  signature: string;
  impact?: Record<string, unknown>;
  what_if?: Record<string, unknown>;
}

export interface Estimate { low: number; mid: number; high: number; model: string; methodology: string }

export interface Waste {
  energy_kwh: number;
  waste_kwh: number;
  waste_gco2?: number;
  energy_gco2?: number;
  region?: string;
  sql_waste_ratio?: number;
  messaging_waste_ratio?: number;
  model: string;
}

export interface Region {
  status: string;
  region: string;
  grid_intensity_gco2_kwh: number;
  pue: number;
  io_ops: number;
  co2_gco2: number;
  intensity_source: string;
  intensity_estimated?: boolean;
  intensity_estimation_method?: string;
}

export interface Green {
  total_io_ops: number;
  avoidable_io_ops: number;
  total_sql_io_ops: number;
  avoidable_sql_io_ops: number;
  io_waste_ratio: number;
  io_waste_ratio_band: string;
  top_offenders: { endpoint: string; service: string; io_intensity_score: number; io_intensity_band: string; co2_grams?: number }[];
  co2?: {
    total: Estimate;
    avoidable: Estimate;
    operational_gco2: number;
    embodied_gco2: number;
    transport_gco2?: number;
    sci_per_trace?: Estimate;
    functional_unit?: string;
  };
  regions?: Region[];
  transport_gco2?: number;
  scoring_config?: {
    api_version: string;
    emission_factor_type: string;
    temporal_granularity: string;
    electricity_maps?: boolean;
  };
  energy_kwh?: number;
  energy_model?: string;
  per_service_carbon_kgco2eq?: Record<string, number>;
  per_service_energy_kwh?: Record<string, number>;
  per_service_region?: Record<string, string>;
  database_waste?: Waste;
  messaging_waste?: Waste;
}

export interface CorrelationEnd { finding_type: string; service: string; template: string; grouping_key?: string; grouping_value?: string }

export interface Correlation {
  source: CorrelationEnd;
  target: CorrelationEnd;
  co_occurrence_count: number;
  source_total_occurrences: number;
  confidence: number;
  median_lag_ms: number;
  first_seen: string;
  last_seen: string;
  sample_trace_id?: string;
}

export interface Report {
  analysis: {
    duration_ms: number;
    events_processed: number;
    traces_analyzed: number;
    ingest?: {
      spans_received: number;
      spans_filtered: number;
      filtered_not_io: number;
      filtered_missing_db_statement: number;
      filtered_missing_http_url: number;
      filtered_non_sql_datastore: number;
      filtered_merged_db_span: number;
      usable_span_ratio?: number;
    };
  };
  findings: Finding[];
  green_summary: Green;
  quality_gate: { passed: boolean; rules: { rule: string; threshold: number; actual: number; passed: boolean }[] };
  correlations?: Correlation[];
  warnings?: string[];
  warning_details?: { kind: string; message: string }[];
  acknowledged_findings?: { finding: Finding; acknowledgment: { acknowledged_by: string; reason: string; expires_at?: string } }[];
  binary_version?: string;
  detection_config?: Record<string, number | string>;
}

export interface Span {
  span_id: string;
  timestamp?: string;
  parent_span_id?: string;
  service: string;
  endpoint: string;
  event_type: string;
  operation: string;
  template: string;
  duration_us: number;
  status_code?: number;
}

export interface Trace { trace_id: string; spans: Span[] }

export interface StatEntry {
  query: string;
  normalized_template: string;
  calls: number;
  total_exec_time_ms: number;
  mean_exec_time_ms: number;
  seen_in_traces: boolean;
  rows?: number;
  shared_blks_hit?: number;
  shared_blks_read?: number;
  schema_name?: string | null;
  rows_sent?: number;
  rows_examined?: number;
}

export interface Stat { total_entries: number; top_n: number; rankings: { label: string; entries: StatEntry[] }[] }

export interface Delta { service: string; endpoint: string; before_io_ops: number; after_io_ops: number; delta: number }

export interface Diff {
  new_findings: Finding[];
  resolved_findings: Finding[];
  severity_changes: { finding: Finding; before_severity: Severity; after_severity: Severity }[];
  endpoint_metric_deltas: Delta[];
}

export interface Kept { kept: number; total: number }

export interface Payload {
  version: string;
  input_label: string;
  report: Report;
  embedded_traces: Trace[];
  culprit_spans?: Record<string, string[]>;
  trimmed_traces?: Kept;
  trimmed_findings?: Kept;
  pg_stat?: Stat;
  mysql_stat?: Stat;
  diff?: Diff;
  daemon?: { url: string };
}
