#include "detect/fixes/fixes.h"

namespace sentinel::detect {

namespace {

using enum model::FindingType;
using enum Framework;

constexpr FixRow kGoRows[] = {
    // -- GORM
    {kNPlusOneSql, kGoGorm,
     "Load the association with its owner: `Preload()` for a second query over all keys, `Joins()` for a single one.",
     "https://gorm.io/docs/preload.html"},
    {kRedundantSql, kGoGorm,
     "GORM does not notice repeats, so cache the read yourself: go-cache or a `sync.Map` in the process, or a map for the "
     "request carried "
     "with `context.WithValue`.",
     "https://github.com/patrickmn/go-cache"},
    {kSlowSql, kGoGorm,
     "Switch on the GORM Logger, run `EXPLAIN ANALYZE` on the statement it shows, declare the index for `AutoMigrate`, and "
     "read fewer "
     "columns with `.Select()`.",
     "https://gorm.io/docs/performance.html"},

    // -- any Go
    {kNPlusOneSql, kGoGeneric,
     "Fetch all rows in one query, with a `JOIN` or `WHERE id IN ($1, $2, ...)`. With pgx bind the keys as one array, "
     "`ANY($1::int[])`, and "
     "name the arguments with `pgx.NamedArgs`.",
     "https://github.com/jackc/pgx"},
    {kRedundantSql, kGoGeneric,
     "Cache the read in the process (go-cache, a `sync.Map`), or for one request in a map carried with `context.WithValue`.",
     "https://github.com/patrickmn/go-cache"},
    {kNPlusOneHttp, kGoGeneric, "Start independent calls with `errgroup.Go` and wait once, or ask one batch endpoint.",
     "https://github.com/golang/sync/tree/master/errgroup"},
    {kRedundantHttp, kGoGeneric,
     "Let concurrent identical calls share one answer with `singleflight.Do`, or remember answers by URL for the request in a "
     "`sync.Map`.",
     "https://github.com/golang/sync/tree/master/singleflight"},
    {kSlowSql, kGoGeneric,
     "Read the plan with `EXPLAIN ANALYZE`, add a composite index over the `WHERE` and `ORDER BY` columns, and name only the "
     "columns that "
     "are scanned (pgx: `.QueryRow().Scan()`).",
     "https://www.postgresql.org/docs/current/using-explain.html"},
    {kSlowHttp, kGoGeneric,
     "Set `http.Client.Timeout` or call under `context.WithTimeout`, break the circuit with sony/gobreaker, and cache with "
     "go-cache where "
     "slightly old data will do.",
     "https://github.com/sony/gobreaker"},
    {kExcessiveFanout, kGoGeneric,
     "Prefer one batch endpoint. Otherwise bound the goroutines: an errgroup with `SetLimit(N)`, or a semaphore `make(chan "
     "struct{}, N)`.",
     "https://github.com/golang/sync/tree/master/errgroup"},
    {kChattyService, kGoGeneric,
     "Offer one bulk endpoint, or run the calls in an errgroup with a go-cache by key; better still, move the orchestration to "
     "the caller's "
     "side.",
     "https://github.com/golang/sync/tree/master/errgroup"},
    {kPoolSaturation, kGoGeneric,
     "Look at the `slow_sql` findings first. Afterwards raise `MaxConns` in the `pgxpool.Config` of the pgxpool.",
     "https://github.com/jackc/pgx/tree/master/pgxpool"},
    {kSerializedCalls, kGoGeneric,
     "Start independent calls with `errgroup.Go` and wait for the group; stay serial only where a call needs the result of "
     "another.",
     "https://github.com/golang/sync/tree/master/errgroup"},
};

}  // namespace

constinit const std::span<const FixRow> kGoFixes = kGoRows;

}  // namespace sentinel::detect
