// The twelve types of finding and the three severities, in the order every report uses.
import type { Finding, Severity } from './payload';

export const SEVERITIES: Severity[] = ['critical', 'warning', 'info'];
export const PILL: Record<Severity, string> = { critical: 'CRIT', warning: 'WARN', info: 'INFO' };
export const SEVERITY_NAME: Record<Severity, string> = { critical: 'Critical', warning: 'Warning', info: 'Info' };

export const LABELS: Record<string, string> = {
  n_plus_one_sql: 'N+1 SQL',
  n_plus_one_http: 'N+1 HTTP',
  n_plus_one_messaging: 'N+1 messaging',
  redundant_sql: 'Redundant SQL',
  redundant_http: 'Redundant HTTP',
  slow_sql: 'Slow SQL',
  slow_http: 'Slow HTTP',
  slow_messaging: 'Slow messaging',
  excessive_fanout: 'Excessive fanout',
  chatty_service: 'Chatty service',
  pool_saturation: 'Pool saturation',
  serialized_calls: 'Serialized calls',
};

export function label(type: string): string {
  return LABELS[type] ?? type;
}

export function isNPlusOne(type: string): boolean {
  return type.startsWith('n_plus_one');
}

export const RULE_NAMES: Record<string, string> = {
  n_plus_one_sql_critical_max: 'Max critical N+1 SQL',
  n_plus_one_http_warning_max: 'Max N+1 HTTP (warning+)',
  n_plus_one_messaging_warning_max: 'Max N+1 messaging (warning+)',
  io_waste_ratio_max: 'Max I/O waste ratio',
  min_usable_span_ratio: 'Min usable span ratio',
};

/** One sentence on what happened. */
export function summary(f: Finding): string {
  const n = f.pattern.occurrences.toLocaleString('en-US');
  const where = f.source_endpoint;
  switch (f.type) {
    case 'n_plus_one_sql': return `One request to ${where} ran this statement ${n} times, once for each row.`;
    case 'n_plus_one_http': return `One request to ${where} made this call ${n} times, once for each item.`;
    case 'n_plus_one_messaging': return `One request to ${where} published ${n} messages one by one.`;
    case 'redundant_sql': return `The same query with the same values ran ${n} times in one request to ${where}.`;
    case 'redundant_http': return `The same call with the same values went out ${n} times in one request to ${where}.`;
    case 'slow_sql': return `This statement was slow ${n} times.`;
    case 'slow_http': return `This call was slow ${n} times.`;
    case 'slow_messaging': return `Publishing here was slow ${n} times.`;
    case 'excessive_fanout': return `One operation of ${where} started ${n} calls of its own.`;
    case 'chatty_service': return `One request to ${where} sent ${n} HTTP calls to other services.`;
    case 'pool_saturation': return `${f.service} had ${n} database calls open at the same time.`;
    case 'serialized_calls': return `${n} calls that look independent ran one after the other.`;
    default: return `Seen ${n} times on ${where}.`;
  }
}

const REGION_PLACES: Record<string, string> = {
  'ap-northeast-1': 'Japan', 'ap-south-1': 'India', 'ap-southeast-1': 'Singapore', 'ap-southeast-2': 'Australia',
  'ca-central-1': 'Canada', 'eu-central-1': 'Germany', 'eu-north-1': 'Sweden', 'eu-south-1': 'Italy', 'eu-west-1': 'Ireland',
  'eu-west-2': 'United Kingdom', 'eu-west-3': 'France', 'eu-west-4': 'Netherlands', 'sa-east-1': 'Brazil',
  'us-east-1': 'Virginia', 'us-east-2': 'Ohio', 'us-west-1': 'California', 'us-west-2': 'Oregon',
};

export function regionName(region: string): string {
  const place = REGION_PLACES[region.toLowerCase()];
  return place ? `${region} (${place})` : region;
}

export function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Identity of a finding's first grouping pair, "" for none. */
export function groupId(f: Finding): string {
  const pair = f.grouping?.[0];
  return pair ? `${bytes(pair.key)}:${pair.key}|${bytes(pair.value)}:${pair.value}` : '';
}

/** The key of a finding in `culprit_spans`. */
export function culpritKey(f: Finding): string {
  const key = `${f.trace_id}|${f.signature}|${f.first_timestamp}|${f.last_timestamp}`;
  const id = groupId(f);
  return id ? `${key}|${id}` : key;
}
