// What stands behind the "?" of finding types, carbon cards and the Carbon tab. Keys of the configuration that a text names are
// shown with the values of the run.

export interface Sheet {
  title: string;
  tip: string;
  measures: string;
  computed: string;
  tunes: string[];  // configuration keys
  limits: string;
  link?: { href: string; text: string };
}

const DB = { href: 'https://opentelemetry.io/docs/specs/semconv/database/', text: 'OpenTelemetry: database spans' };
const HTTP = { href: 'https://opentelemetry.io/docs/specs/semconv/http/http-spans/', text: 'OpenTelemetry: HTTP spans' };
const MSG = { href: 'https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/', text: 'OpenTelemetry: messaging spans' };
const TRACE = { href: 'https://opentelemetry.io/docs/concepts/signals/traces/', text: 'OpenTelemetry: traces' };
const SCI = { href: 'https://sci.greensoftware.foundation/', text: 'Software Carbon Intensity specification' };

export const SHEETS: Record<string, Sheet> = {
  n_plus_one_sql: {
    title: 'N+1 SQL', tip: 'One query for a list, then one more for each item of it.',
    measures: 'A statement that one request repeats with a new value each time, usually because related rows are loaded one by one.',
    computed: 'Statements are compared without their values. A group counts when it is large enough, its values differ, and it fits into the time window. Where instrumentation has removed the values, timing and the data layer decide instead, and the finding says so.',
    tunes: ['n_plus_one_threshold', 'window_ms', 'sanitizer_aware_classification'],
    limits: 'A loop that is spread over more than the window is not reported. Batches that are sent as one statement are not seen as many.',
    link: DB,
  },
  n_plus_one_http: {
    title: 'N+1 HTTP', tip: 'One call for each item of a list instead of one for the list.',
    measures: 'The same endpoint of another service called again and again by one request, each time for another id.',
    computed: 'Paths are compared with their ids taken out; the rule is otherwise that of N+1 SQL.',
    tunes: ['n_plus_one_threshold', 'window_ms'],
    limits: 'Ids that do not look like ids (plain words) make paths differ, and the group is not recognised.', link: HTTP,
  },
  n_plus_one_messaging: {
    title: 'N+1 messaging', tip: 'Messages published one by one to one destination.',
    measures: 'A request that sends many messages to one topic or queue, each with a round trip of its own.',
    computed: 'Publishing spans to one destination are counted inside the time window.',
    tunes: ['n_plus_one_threshold', 'window_ms'],
    limits: 'Clients that batch behind the scenes still show one span a message.', link: MSG,
  },
  redundant_sql: {
    title: 'Redundant SQL', tip: 'The same query with the same values, more than once in a request.',
    measures: 'Work whose answer the request already had.',
    computed: 'Statement and values are compared exactly, at any distance in the trace. Groups that are part of an N+1 are not counted twice.',
    tunes: [], limits: 'A row that really changed between the two reads looks the same here.', link: DB,
  },
  redundant_http: {
    title: 'Redundant HTTP', tip: 'The same call with the same values, more than once in a request.',
    measures: 'Calls whose answer the request already had.',
    computed: 'Method, path and query are compared exactly.', tunes: [],
    limits: 'Bodies and headers are not compared.', link: HTTP,
  },
  slow_sql: {
    title: 'Slow SQL', tip: 'A statement that is over the time limit again and again.',
    measures: 'Statements that are slow on their own, whatever the number of calls.',
    computed: 'Spans longer than the limit are grouped by statement, in one trace and across traces.',
    tunes: ['slow_threshold_ms', 'slow_min_occurrences'],
    limits: 'The duration is the client\'s: waiting for a connection or the network is part of it.', link: DB,
  },
  slow_http: {
    title: 'Slow HTTP', tip: 'A call that is over the time limit again and again.',
    measures: 'Calls to another service that take long.',
    computed: 'As for slow SQL, by method and path.', tunes: ['slow_threshold_ms', 'slow_min_occurrences'],
    limits: 'What the other side did in that time is not known unless its spans are in the trace.', link: HTTP,
  },
  slow_messaging: {
    title: 'Slow messaging', tip: 'Publishing that is over the time limit again and again.',
    measures: 'Waiting for a broker.', computed: 'As for slow SQL, by destination.', tunes: ['slow_threshold_ms', 'slow_min_occurrences'],
    limits: 'Acknowledgment modes differ: a long span may be what you asked for.', link: MSG,
  },
  excessive_fanout: {
    title: 'Excessive fanout', tip: 'One operation that starts very many calls of its own.',
    measures: 'A span with more direct children than allowed.',
    computed: 'Children are counted by their parent id.', tunes: ['max_fanout'],
    limits: 'Needs parent ids in the traces. It says nothing on whether the children ran at once.', link: TRACE,
  },
  chatty_service: {
    title: 'Chatty service', tip: 'A request that sends very many HTTP calls in all.',
    measures: 'How much one request talks to other services.', computed: 'All outgoing HTTP calls of a trace are counted.',
    tunes: ['chatty_service_min_calls'], limits: 'A gateway that only forwards is chatty by design.', link: HTTP,
  },
  pool_saturation: {
    title: 'Pool saturation', tip: 'Many database calls of one service open at once.',
    measures: 'How many connections one request needs at its peak.',
    computed: 'Begin and end of the database spans are swept in order of time; the highest number open together counts.',
    tunes: ['pool_saturation_concurrent_threshold'], limits: 'The size of the real pool is not known here.', link: DB,
  },
  serialized_calls: {
    title: 'Serialized calls', tip: 'Different calls that ran one after the other and might run together.',
    measures: 'The longest chain of children of one span that do not overlap.',
    computed: 'Only chains of different calls count. The gain is the sum of their times less the longest of them.',
    tunes: ['serialized_min_sequential'], limits: 'Whether one call needs the answer of another cannot be seen in a trace.', link: TRACE,
  },
  carbon_total: {
    title: 'Total CO2', tip: 'Estimated emissions of the analysed requests.',
    measures: 'Operational plus embodied emissions, and those of transport where it is counted.',
    computed: 'Energy of the operations × grid intensity × data centre overhead, plus a share of the hardware. Low is half and high twice the middle figure.',
    tunes: [], limits: 'An estimate from the number of operations unless energy was measured.', link: SCI,
  },
  carbon_operational: {
    title: 'Operational CO2', tip: 'Emissions of the electricity that was used.',
    measures: 'What running the operations costs.', computed: 'Energy × intensity of the grid × overhead of the data centre, by region.',
    tunes: [], limits: 'Regions that are unknown count nothing.', link: SCI,
  },
  carbon_embodied: {
    title: 'Embodied CO2', tip: 'A share of what making the hardware emitted.',
    measures: 'Hardware, spread over its use.', computed: 'A fixed figure for each request.', tunes: [],
    limits: 'The figure is a default unless it is configured.', link: SCI,
  },
  carbon_avoidable: {
    title: 'Avoidable CO2', tip: 'What the avoidable operations emitted.',
    measures: 'The gain of fixing the findings, in emissions.', computed: 'Operational emissions × share of avoidable operations.',
    tunes: [], limits: 'Embodied emissions do not shrink with fewer calls and are left out.', link: SCI,
  },
  waste_ratio: {
    title: 'I/O waste ratio', tip: 'Avoidable operations among all operations.',
    measures: 'How much of the input and output the requests could do without.', computed: 'Avoidable ÷ all operations.', tunes: [],
    limits: 'Only N+1 and redundant findings count as avoidable.',
  },
  iis: {
    title: 'I/O intensity score', tip: 'Operations per request of the busiest endpoint.',
    measures: 'How I/O-heavy an endpoint is.', computed: 'Operations ÷ requests of the endpoint. Healthy is below 2, critical from 10.', tunes: [],
    limits: 'A batch endpoint is intense by nature.',
  },
  database_waste: {
    title: 'Database waste', tip: 'Energy that the database spent on avoidable statements.',
    measures: 'The part of the database\'s energy that findings stand for.', computed: 'Energy of the database × share of avoidable statements.',
    tunes: [], limits: 'Needs a figure for the database\'s energy, measured or estimated.',
  },
  messaging_waste: {
    title: 'Broker waste', tip: 'Energy that the broker spent on avoidable messages.',
    measures: 'The part of the broker\'s energy that findings stand for.', computed: 'Energy of the broker × share of avoidable messages.',
    tunes: [], limits: 'Needs a figure for the broker\'s energy.',
  },
  carbon_tab: {
    title: 'Carbon', tip: 'Energy and emissions of the analysed requests.',
    measures: 'Software carbon intensity: what a request emits, from the operations it makes.',
    computed: '(Energy × grid intensity + hardware share) for each request.', tunes: [],
    limits: 'Good for comparing versions and endpoints, not for accounting.', link: SCI,
  },
};
