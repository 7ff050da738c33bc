#include "detect/fixes/fixes.h"

namespace sentinel::detect {

namespace {

using enum model::FindingType;
using enum Framework;

constexpr FixRow kPhpRows[] = {
    // -- Laravel Eloquent
    {kNPlusOneSql, kPhpLaravelEloquent,
     "Load the relation with the query, `with('relation')`, or on a collection already fetched, `load(...)`. A loop over the "
     "query builder "
     "becomes one `whereIn('id', $ids)`.",
     "https://laravel.com/docs/eloquent-relationships#eager-loading"},
    {kRedundantSql, kPhpLaravelEloquent,
     "Memoize within the request, `$this->cached ?\?= ...`, or keep a stable value with `Cache::remember(...)`.",
     "https://laravel.com/docs/cache"},
    {kSlowSql, kPhpLaravelEloquent,
     "Run `EXPLAIN` on the statement, add `$table->index([...])` in a migration, and read fewer columns with "
     "`->select([...])`.",
     "https://laravel.com/docs/migrations#indexes"},
    {kNPlusOneHttp, kPhpLaravelEloquent,
     "Send one batch request, or the requests together with `Http::pool(...)`; cache reads that repeat within the request.",
     "https://laravel.com/docs/http-client"},
    {kRedundantHttp, kPhpLaravelEloquent,
     "Memoize for the request, `$this->cached ?\?= ...`, or keep the response with `Cache::remember(...)`; let concurrent "
     "callers share the "
     "call that is on its way.",
     "https://laravel.com/docs/cache"},
    {kSlowHttp, kPhpLaravelEloquent,
     "Set `Http::timeout(...)`, add `->retry(...)` with growing pauses, and cache where slightly old data will do.",
     "https://laravel.com/docs/http-client"},
    {kExcessiveFanout, kPhpLaravelEloquent,
     "Send the requests in an `Http::pool(...)` of bounded size, or ask one batch endpoint.",
     "https://laravel.com/docs/http-client"},
    {kChattyService, kPhpLaravelEloquent,
     "Offer one bulk endpoint, or gather the calls into batches and remember in an array what was already asked.", ""},
    {kPoolSaturation, kPhpLaravelEloquent,
     "Look at the `slow_sql` findings first. Each PHP-FPM worker holds one connection, so size `pm.max_children` and the "
     "database's "
     "`max_connections` together.",
     ""},
    {kSerializedCalls, kPhpLaravelEloquent,
     "Send independent requests together with `Http::pool(...)` or `Promise\\all`; stay serial only where a call needs the "
     "result of "
     "another.",
     "https://laravel.com/docs/http-client"},

    // -- Doctrine
    {kNPlusOneSql, kPhpDoctrine,
     "Fetch the association in the DQL query, `->leftJoin('e.assoc', 'a')->addSelect('a')`, or map it with `fetch=\"EAGER\"` "
     "when it is "
     "always needed.",
     "https://www.doctrine-project.org/projects/doctrine-orm/en/current/reference/dql-doctrine-query-language.html"},
    {kRedundantSql, kPhpDoctrine,
     "Switch on the result cache of the query, `->enableResultCache(...)`, or reuse the entity that is already managed.",
     "https://www.doctrine-project.org/projects/doctrine-orm/en/current/reference/caching.html"},
    {kSlowSql, kPhpDoctrine,
     "Run `EXPLAIN` on the statement, add the index in the mapping (`@ORM\\Index`) or a migration, and make it a partial "
     "`SELECT`.",
     "https://www.postgresql.org/docs/current/using-explain.html"},

    // -- any PHP
    {kNPlusOneSql, kPhpGeneric, "Fetch all rows with one prepared statement over a list of placeholders, `IN (...)`.",
     "https://www.php.net/manual/en/pdo.prepared-statements.php"},
    {kNPlusOneHttp, kPhpGeneric,
     "Send one batch request, or the requests together: an asynchronous HttpClient, or a Guzzle pool with `Promise\\all`. "
     "Cache reads that "
     "repeat within the request.",
     "https://symfony.com/doc/current/http_client.html"},
    {kRedundantSql, kPhpGeneric,
     "Memoize within the request, `$cache[$key] ?\?= ...`, or prepare the statement once and reuse it.",
     "https://www.php.net/manual/en/pdo.prepared-statements.php"},
    {kRedundantHttp, kPhpGeneric,
     "Memoize the response for the request, or keep it in APCu or Redis; let concurrent callers share the call that is on its "
     "way.",
     ""},
    {kSlowSql, kPhpGeneric, "Run `EXPLAIN`, then add a composite index over the `WHERE` and `ORDER BY` columns.",
     "https://www.postgresql.org/docs/current/using-explain.html"},
    {kSlowHttp, kPhpGeneric,
     "Set both limits, `connect_timeout` and `timeout` (cURL: `CURLOPT_TIMEOUT`), add a circuit breaker, and cache where "
     "slightly old data "
     "will do.",
     "https://www.php.net/manual/en/function.curl-setopt.php"},
    {kExcessiveFanout, kPhpGeneric, "Send the requests through a bounded `GuzzleHttp\\Pool`, or ask one batch endpoint.",
     "https://symfony.com/doc/current/http_client.html"},
    {kChattyService, kPhpGeneric,
     "Offer one bulk endpoint, or gather the calls into batches and remember in an array what was already asked.", ""},
    {kPoolSaturation, kPhpGeneric,
     "Each PHP-FPM worker holds one connection. Fix the `slow_sql` findings first, then size `pm.max_children` and the "
     "database's "
     "`max_connections` together.",
     ""},
    {kSerializedCalls, kPhpGeneric,
     "Send independent requests together through a Guzzle pool or `Promise\\all`; stay serial only where a call needs the "
     "result of "
     "another.",
     "https://symfony.com/doc/current/http_client.html"},
};

}  // namespace

constinit const std::span<const FixRow> kPhpFixes = kPhpRows;

}  // namespace sentinel::detect
